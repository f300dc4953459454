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

package io.namedpipe.transport.windows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * One end of a connection over a kernel pipe.
 */
final class WindowsPipeChannel implements PipeChannel {

	private final PipeHandle handle;

	private final Shape shape;

	private final PipeReader reader;

	private final PipeWriter writer;

	private final PeerSource peers;

	private final Consumer<WindowsPipeChannel> release;

	private volatile @Nullable PeerIdentity peer;

	/**
	 * Create the channel.
	 * @param handle the pipe
	 * @param port where its completions arrive
	 * @param shape what the pipe can do
	 * @param peers tells who is at the other end
	 * @param release called once, when nothing uses the handle any more
	 */
	WindowsPipeChannel(PipeHandle handle, CompletionPort port, Shape shape, PeerSource peers,
			Consumer<WindowsPipeChannel> release) {
		this.handle = handle;
		this.shape = shape;
		this.reader = new PipeReader(handle, port, shape.messageType(), shape.maxMessageSize());
		this.writer = new PipeWriter(handle, port, shape.readsMessages());
		this.peers = peers;
		this.release = release;
	}

	@Override
	public int read(ByteBuffer destination) {
		require(this.shape.readable(), "read from");
		try {
			return this.reader.read(destination);
		}
		catch (InterruptedOperationException ex) {
			close();
			throw ex;
		}
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		require(this.shape.readable(), "read from");
		if (!this.shape.readsMessages()) {
			return PipeChannel.super.readMessage();
		}
		try {
			return this.reader.readMessage();
		}
		catch (InterruptedOperationException | PipeMessageTooLargeException ex) {
			close();
			throw ex;
		}
	}

	@Override
	public void write(ByteBuffer source) {
		require(this.shape.writable(), "written to");
		try {
			this.writer.write(source);
		}
		catch (InterruptedOperationException ex) {
			close();
			throw ex;
		}
	}

	private static void require(boolean allowed, String operation) {
		if (!allowed) {
			throw new PipeUnsupportedException(
					"This pipe goes one way only and cannot be %s at this end".formatted(operation));
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.reader.timeout(timeout);
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.writer.timeout(timeout);
	}

	@Override
	public void shutdownOutput() {
		require(this.shape.writable(), "written to");
		if (this.handle.isClosing()) {
			throw PipeHandle.closed();
		}
		if (!this.shape.messageType()) {
			throw new PipeUnsupportedException(
					"A Windows pipe in byte mode has no half close; use message mode, or say in the protocol where a request ends");
		}
		try {
			this.writer.shutdown();
		}
		catch (InterruptedOperationException ex) {
			close();
			throw ex;
		}
	}

	@Override
	public boolean isOpen() {
		return !this.handle.isClosing();
	}

	@Override
	public PeerIdentity peer() {
		PeerIdentity known = this.peer;
		if (known != null) {
			return known;
		}
		boolean received = this.reader.hasReceived() || !this.shape.identifiesByReading();
		this.handle.enter();
		try {
			PeerIdentity identity = this.peers.identify(this.handle, received);
			if (received) {
				this.peer = identity;
			}
			return identity;
		}
		finally {
			this.handle.exit();
		}
	}

	@Override
	public Impersonation impersonation() {
		return this.peers.impersonation(this.handle);
	}

	boolean hasWritten() {
		return this.writer.hasWritten();
	}

	@Override
	public void close() {
		if (this.handle.close()) {
			this.reader.close();
			this.writer.close();
			this.release.accept(this);
		}
	}

	/**
	 * What a pipe can do at one end.
	 *
	 * @param readable whether it can be read
	 * @param writable whether it can be written to
	 * @param messageType whether the pipe's type is message
	 * @param readsMessages whether it is read and written in messages
	 * @param maxMessageSize the largest message
	 * @param identifiesByReading whether the peer is known only after a read
	 */
	record Shape(boolean readable, boolean writable, boolean messageType, boolean readsMessages, int maxMessageSize,
			boolean identifiesByReading) {

	}

}
