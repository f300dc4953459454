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

package io.namedpipe.transport.anonymous;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * One end of a connection of two pipes, or of one.
 */
final class AnonymousPipeChannel implements PipeChannel {

	private final @Nullable PipeSource source;

	private final @Nullable PipeSink sink;

	private final PeerIdentity peer;

	private volatile boolean closed;

	/**
	 * Create the channel.
	 * @param source the pipe that is read, {@code null} for none
	 * @param sink the pipe that is written to, {@code null} for none
	 * @param peer the process at the other end
	 */
	AnonymousPipeChannel(@Nullable PipeSource source, @Nullable PipeSink sink, PeerIdentity peer) {
		this.source = source;
		this.sink = sink;
		this.peer = peer;
	}

	@Override
	public int read(ByteBuffer destination) {
		return closingIfInterrupted(() -> source().read(destination));
	}

	@Override
	public void write(ByteBuffer source) {
		closingIfInterrupted(() -> {
			sink().write(source);
			return 0;
		});
	}

	// The JDK closes the one pipe that the interrupted thread uses.
	private int closingIfInterrupted(IntSupplier body) {
		try {
			return body.getAsInt();
		}
		catch (PipeClosedException ex) {
			if (Thread.currentThread().isInterrupted()) {
				close();
			}
			throw ex;
		}
	}

	private PipeSource source() {
		if (this.source == null) {
			throw PipeUnsupportedException.oneWay("read from");
		}
		return this.source;
	}

	private PipeSink sink() {
		if (this.sink == null) {
			throw PipeUnsupportedException.oneWay("written to");
		}
		return this.sink;
	}

	boolean isReadable() {
		return this.source != null;
	}

	boolean isWritable() {
		return this.sink != null;
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		if (this.source != null) {
			this.source.setReadTimeout(timeout);
		}
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		if (this.sink != null) {
			this.sink.setWriteTimeout(timeout);
		}
	}

	@Override
	public void shutdownOutput() {
		PipeSink sink = sink();
		if (this.closed) {
			throw PipeClosedException.ofChannel(null);
		}
		sink.close();
	}

	@Override
	public boolean isOpen() {
		return !this.closed;
	}

	@Override
	public boolean isPeerGone() {
		return this.source != null && this.source.isPeerGone();
	}

	@Override
	public PeerIdentity peer() {
		return this.peer;
	}

	@Override
	public Impersonation impersonation() {
		throw new PipeUnsupportedException(
				"An anonymous pipe does not tell who is at the other end, so nobody can act as its peer; use a named pipe");
	}

	@Override
	public void close() {
		// The source is closed first: a peer that answers the end of the stream by
		// closing must not make it look as if the stream of this side had ended.
		try (this.sink; this.source) {
			this.closed = true;
		}
	}

}
