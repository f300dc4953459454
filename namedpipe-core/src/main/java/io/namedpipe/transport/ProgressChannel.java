/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.namedpipe.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A channel that reports when bytes have passed, so that a time limit can be one for
 * stalls and not for a whole transfer.
 *
 * @since 0.1.0
 */
public class ProgressChannel implements PipeChannel {

	private final PipeChannel delegate;

	private final Runnable progress;

	/**
	 * Create the channel.
	 * @param delegate the channel that reads and writes
	 * @param progress runs after each read and each write that has moved bytes
	 */
	public ProgressChannel(PipeChannel delegate, Runnable progress) {
		this.delegate = delegate;
		this.progress = progress;
	}

	@Override
	public int read(ByteBuffer destination) {
		int count = this.delegate.read(destination);
		if (count > 0) {
			this.progress.run();
		}
		return count;
	}

	@Override
	public void write(ByteBuffer source) {
		this.delegate.write(source);
		this.progress.run();
	}

	@Override
	public long write(OpenedFile file, long count) throws IOException {
		long written = this.delegate.write(file, count);
		if (written > 0) {
			this.progress.run();
		}
		return written;
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		ByteBuffer message = this.delegate.readMessage();
		this.progress.run();
		return message;
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.delegate.setReadTimeout(timeout);
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.delegate.setWriteTimeout(timeout);
	}

	@Override
	public void shutdownOutput() {
		this.delegate.shutdownOutput();
	}

	@Override
	public boolean isOpen() {
		return this.delegate.isOpen();
	}

	@Override
	public boolean isPeerGone() {
		return this.delegate.isPeerGone();
	}

	@Override
	public PeerIdentity peer() {
		return this.delegate.peer();
	}

	@Override
	public @Nullable String peerId() {
		return this.delegate.peerId();
	}

	@Override
	public @Nullable String presumedPeerId() {
		return this.delegate.presumedPeerId();
	}

	@Override
	public void recheckPeer(Duration maxAge) {
		this.delegate.recheckPeer(maxAge);
	}

	@Override
	public Impersonation impersonation() {
		return this.delegate.impersonation();
	}

	@Override
	public void requireOwnIdentity() {
		this.delegate.requireOwnIdentity();
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}
