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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A blocking, full-duplex connection. One thread may read while another writes, and
 * neither waits for the other; any thread may close. Two readers, or two writers, take
 * turns.
 *
 * @since 0.1.0
 */
public interface PipeChannel extends AutoCloseable {

	/**
	 * Read the bytes that have arrived, and wait for the first one.
	 * @param destination takes the bytes
	 * @return the number of bytes, or -1 at the end of the stream (the peer has closed or
	 * has shut its output down); 0 only for a buffer without room
	 * @throws PipeTimeoutException if the read time-out is over; the connection stays
	 * usable
	 * @throws PipeClosedException if this channel is closed, before or during the read
	 */
	int read(ByteBuffer destination);

	/**
	 * Read until the buffer is full. The read time-out applies to each wait for more
	 * bytes; whatever ends the read early, the buffer's position says how much has
	 * arrived.
	 * @param destination takes the bytes
	 * @return {@code true} if the buffer is full; {@code false} if the stream ended
	 * before the first byte
	 * @throws PipeEndOfStreamException if the stream ended after the first byte and
	 * before the buffer was full
	 * @throws PipeTimeoutException if the read time-out is over; the connection stays
	 * usable
	 * @throws PipeClosedException if this channel is closed, before or during the read
	 */
	default boolean readFully(ByteBuffer destination) {
		int start = destination.position();
		while (destination.hasRemaining()) {
			if (read(destination) < 0) {
				int count = destination.position() - start;
				if (count == 0) {
					return false;
				}
				throw new PipeEndOfStreamException("The peer ended the stream after %d of %d bytes".formatted(count,
						count + destination.remaining()));
			}
		}
		return true;
	}

	/**
	 * Write everything that remains in the buffer. In message mode this is one message.
	 * An empty buffer writes nothing and does not end the stream.
	 * @param source holds the bytes
	 * @throws PipeTimeoutException if the write time-out is over; the buffer's position
	 * says how much was taken
	 * @throws PipeResetException if the peer is gone
	 * @throws PipeClosedException if this channel is closed, before or during the write,
	 * or its output was shut down
	 */
	void write(ByteBuffer source);

	/**
	 * Write a part of a file, without reading it into this process, where the system can
	 * do that. In message mode it cannot.
	 * @param file the file, of which what was written counts as read
	 * @param count how many bytes at most
	 * @return how many bytes were written, 0 at the end of the file; negative if nothing
	 * was, and the file has to be read
	 * @throws IOException if the file cannot be read
	 * @throws PipeResetException if the peer is gone
	 * @throws PipeClosedException if this channel is closed, before or during the write
	 */
	default long write(OpenedFile file, long count) throws IOException {
		return -1;
	}

	/**
	 * Read one whole message, in message mode.
	 * @return the message, ready to be read; {@code null} at the end of the stream
	 * @throws PipeMessageTooLargeException if the message is over the limit of the
	 * options; the channel is closed then
	 * @throws PipeUnsupportedException if the channel is not in message mode
	 */
	default @Nullable ByteBuffer readMessage() {
		throw new PipeUnsupportedException("This pipe is in byte mode and has no messages");
	}

	/**
	 * A stream that reads from this channel, without a buffer of its own. It may be mixed
	 * with other reads. Closing the stream closes the channel; an {@code IOException} of
	 * the stream has the {@link PipeException} as its cause. Message boundaries are lost.
	 * @return the stream
	 */
	default InputStream inputStream() {
		return new ChannelStreams.Input(this);
	}

	/**
	 * A stream that writes to this channel at once, without a buffer of its own. Closing
	 * the stream closes the channel; an {@code IOException} of the stream has the
	 * {@link PipeException} as its cause. In message mode a write of more than 64 KiB
	 * becomes several messages.
	 * @return the stream
	 */
	default OutputStream outputStream() {
		return new ChannelStreams.Output(this);
	}

	/**
	 * Set how long a read may wait for its first byte. Applies to reads that start later.
	 * @param timeout the time-out; zero for none, which is the default and the fastest
	 * @throws IllegalStateException if the transport cannot change it while a read or a
	 * write is under way
	 */
	void setReadTimeout(Duration timeout);

	/**
	 * Set how long a write may wait for the peer to take the next part of its bytes, or
	 * in message mode the whole message. A write of many bytes may take longer. Applies
	 * to writes that start later.
	 * @param timeout the time-out; zero for none, which is the default and the fastest
	 * @throws IllegalStateException if the transport cannot change it while a read or a
	 * write is under way
	 */
	void setWriteTimeout(Duration timeout);

	/**
	 * End the stream of what is written. The peer reads what was written and then the end
	 * of the stream; the other direction stays open.
	 * @throws PipeUnsupportedException if the transport has no half close in this mode
	 */
	void shutdownOutput();

	/**
	 * Whether the channel is open on this side. The peer may have closed its own.
	 * @return {@code false} once closed
	 */
	boolean isOpen();

	/**
	 * Whether the peer is known to have left. Takes nothing from what it sent, and does
	 * not wait. A peer that has ended its output counts as gone on systems that cannot
	 * tell the difference. May return {@code false} although the peer has left: on macOS
	 * while there is something to read, and while another thread reads or writes and so
	 * learns it by itself.
	 * @return {@code true} if the peer has left
	 */
	default boolean isPeerGone() {
		return false;
	}

	/**
	 * The user at the other end.
	 * @return the peer, as far as the transport knows now
	 */
	PeerIdentity peer();

	/**
	 * The id of the user at the other end, for limits. Nothing is looked up for it that
	 * the connection itself does not tell.
	 * @return the id as {@link PeerIdentity#id()}, or {@code null} if it is not known
	 * yet, because the peer must send something first
	 * @throws PipeException if the peer cannot be identified
	 */
	default @Nullable String peerId() {
		return peer().id();
	}

	/**
	 * The id of the user who is most likely at the other end, to count a peer that has
	 * sent nothing yet. It proves nothing, and may be another one than {@link #peerId()}
	 * is later.
	 * @return the id as {@link PeerIdentity#id()}, or {@code null} if nothing hints at a
	 * user
	 * @throws PipeException if the peer cannot be identified
	 */
	default @Nullable String presumedPeerId() {
		return peerId();
	}

	/**
	 * Look up again whether the peer's user is still what it was when it connected, if
	 * that was not done for a while. The first call remembers what there is to compare
	 * with. Does nothing where the system fixes users and groups for as long as a
	 * connection lives.
	 * @param maxAge how old the last look may be
	 * @throws PipeAccessDeniedException if the user was removed or has lost a group
	 * @throws PipeException if the user cannot be looked up
	 */
	default void recheckPeer(Duration maxAge) {
	}

	/**
	 * The means to act as the peer on this machine.
	 * @return the impersonation of the peer
	 * @throws PipeUnsupportedException if the transport cannot impersonate
	 */
	Impersonation impersonation();

	/**
	 * Check that the calling thread has the identity of this process, before it works
	 * with the rights of the process. On Linux a thread inherits the identity of the one
	 * that started it. Without effect where identities are not inherited.
	 * @throws PipeImpersonationException if the thread has another identity; it must not
	 * be used
	 */
	default void requireOwnIdentity() {
	}

	/**
	 * Close. Ends pending operations as closed; bytes that were written stay readable for
	 * the peer. Where the system has to wait for the peer to read them, that wait is
	 * bounded. Idempotent.
	 */
	@Override
	void close();

}
