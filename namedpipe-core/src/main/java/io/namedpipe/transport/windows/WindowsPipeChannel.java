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
import java.util.function.Supplier;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * One end of a connection over a kernel pipe.
 */
final class WindowsPipeChannel implements PipeChannel {

	private final PipeHandle handle;

	private final Shape shape;

	private final PipeReader reader;

	private final PipeWriter writer;

	private final Peer peer;

	private final Consumer<WindowsPipeChannel> release;

	private volatile @Nullable PeerIdentity identity;

	/**
	 * Create the channel.
	 * @param handle the pipe
	 * @param port the port that reports completions
	 * @param shape what the pipe can do
	 * @param peer the other end
	 * @param release called once, when the handle is unused
	 */
	WindowsPipeChannel(PipeHandle handle, CompletionPort port, Shape shape, Peer peer,
			Consumer<WindowsPipeChannel> release) {
		this.handle = handle;
		this.shape = shape;
		this.reader = new PipeReader(handle, port, shape);
		this.writer = new PipeWriter(handle, port, shape);
		this.peer = peer;
		this.release = release;
	}

	@Override
	public int read(ByteBuffer destination) {
		require(this.shape.readable(), "read from");
		return closingIfUnusable(() -> this.reader.read(destination));
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		require(this.shape.readable(), "read from");
		if (!this.shape.readsMessages()) {
			return PipeChannel.super.readMessage();
		}
		return closingIfUnusable(this.reader::readMessage);
	}

	@Override
	public void write(ByteBuffer source) {
		require(this.shape.writable(), "written to");
		closingIfUnusable(() -> {
			this.writer.write(source);
			return null;
		});
	}

	private <T extends @Nullable Object> T closingIfUnusable(Supplier<T> body) {
		try {
			return body.get();
		}
		catch (Operation.InterruptedOperationException | PipeMessageTooLargeException ex) {
			close();
			throw ex;
		}
	}

	private static void require(boolean allowed, String operation) {
		if (!allowed) {
			throw PipeUnsupportedException.oneWay(operation);
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.reader.operation().timeout(timeout);
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.writer.operation().timeout(timeout);
	}

	@Override
	public void shutdownOutput() {
		require(this.shape.writable(), "written to");
		if (this.handle.isClosing()) {
			throw PipeClosedException.ofChannel(null);
		}
		if (!this.shape.messageType()) {
			throw new PipeUnsupportedException(
					"A Windows pipe in byte mode has no half close; use message mode, or say in the protocol where a request ends");
		}
		closingIfUnusable(() -> {
			this.writer.shutdown();
			return null;
		});
	}

	@Override
	public boolean isOpen() {
		return !this.handle.isClosing();
	}

	@Override
	public boolean isPeerGone() {
		try {
			return this.handle.use(() -> isGone(this.handle.pointer()));
		}
		catch (PipeClosedException ex) {
			return false;
		}
	}

	// PeekNamedPipe fails at an end that only writes, and succeeds while there are bytes
	// to read.
	private static boolean isGone(Pointer pipe) {
		return (!Kernel32Calls.PeekNamedPipe(pipe, null, 0, null, null, null) && Win32.isGone(Native.getLastError()))
				|| Win32.isOtherEndClosed(pipe);
	}

	@Override
	public PeerIdentity peer() {
		PeerIdentity known = this.identity;
		if (known != null) {
			return known;
		}
		boolean received = this.reader.hasReceived();
		PeerIdentity current = this.handle.use(() -> this.peer.identify(received));
		if (received || !this.shape.server()) {
			this.identity = current;
		}
		return current;
	}

	@Override
	public @Nullable String peerId() {
		return (this.reader.hasReceived() || !this.shape.server()) ? peer().id() : null;
	}

	@Override
	public @Nullable String presumedPeerId() {
		String known = peerId();
		return (known != null) ? known : this.handle.use(this.peer::presumedId);
	}

	@Override
	public Impersonation impersonation() {
		return this.peer.impersonation();
	}

	boolean hasWritten() {
		return this.writer.hasWritten();
	}

	@Override
	public void close() {
		if (this.handle.close()) {
			this.reader.operation().close();
			this.writer.operation().close();
			this.release.accept(this);
		}
	}

	/**
	 * The other end of a channel. The caller has entered the handle.
	 */
	interface Peer {

		PeerIdentity identify(boolean received);

		// Before anything was received.
		@Nullable String presumedId();

		Impersonation impersonation();

	}

	/**
	 * What a pipe can do at one end.
	 *
	 * @param server whether this is the server's end
	 * @param readable whether it can be read
	 * @param writable whether it can be written to
	 * @param messageType whether the pipe's type is message
	 * @param readsMessages whether it is read and written in messages
	 * @param maxMessageSize the maximum size of a message that is read, in bytes
	 */
	record Shape(boolean server, boolean readable, boolean writable, boolean messageType, boolean readsMessages,
			int maxMessageSize) {

		static Shape ofServer(PipeServerOptions options) {
			boolean messages = options.mode() == PipeMode.MESSAGE;
			return new Shape(true, options.direction().isReadable(true), options.direction().isWritable(true), messages,
					messages, options.maxMessageSize());
		}

		static Shape ofClient(PipeClientOptions options, boolean messageType) {
			return new Shape(false, options.direction().isReadable(false), options.direction().isWritable(false),
					messageType, options.mode() == PipeMode.MESSAGE, options.maxMessageSize());
		}

	}

}
