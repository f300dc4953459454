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

package io.namedpipe.transport.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;

/**
 * One end of a connection in memory.
 */
final class MemoryPipeChannel implements PipeChannel {

	private final MemoryStream input;

	private final MemoryStream output;

	private final PeerIdentity peer;

	private final Impersonation impersonation;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile Duration readTimeout = Duration.ZERO;

	private volatile Duration writeTimeout = Duration.ZERO;

	MemoryPipeChannel(MemoryStream input, MemoryStream output, PeerIdentity peer, Impersonation impersonation) {
		this.input = input;
		this.output = output;
		this.peer = peer;
		this.impersonation = impersonation;
	}

	@Override
	public int read(ByteBuffer destination) {
		return this.input.read(destination, this.readTimeout);
	}

	@Override
	public void write(ByteBuffer source) {
		this.output.write(source, this.writeTimeout);
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.readTimeout = timeout;
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.writeTimeout = timeout;
	}

	@Override
	public void shutdownOutput() {
		if (this.closed.get()) {
			throw PipeClosedException.ofChannel(null);
		}
		this.output.shutWriter();
	}

	@Override
	public boolean isOpen() {
		return !this.closed.get();
	}

	@Override
	public boolean isPeerGone() {
		return this.output.isReaderClosed();
	}

	@Override
	public PeerIdentity peer() {
		return this.peer;
	}

	@Override
	public Impersonation impersonation() {
		return this.impersonation;
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			// In this order: a peer that answers the end of the stream by closing must
			// not make it look as if the stream of this side had ended.
			this.input.closeReader();
			this.output.closeWriter();
		}
	}

}
