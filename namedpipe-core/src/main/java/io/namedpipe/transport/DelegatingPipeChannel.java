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
 * A channel that leaves everything to another one. Subclasses change what they are about.
 *
 * @since 0.1.0
 */
public abstract class DelegatingPipeChannel implements PipeChannel {

	private final PipeChannel delegate;

	/**
	 * Create the channel.
	 * @param delegate the channel that does everything
	 */
	protected DelegatingPipeChannel(PipeChannel delegate) {
		this.delegate = delegate;
	}

	@Override
	public int read(ByteBuffer destination) {
		return this.delegate.read(destination);
	}

	@Override
	public void write(ByteBuffer source) {
		this.delegate.write(source);
	}

	@Override
	public long write(OpenedFile file, long count) throws IOException {
		return this.delegate.write(file, count);
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		return this.delegate.readMessage();
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
