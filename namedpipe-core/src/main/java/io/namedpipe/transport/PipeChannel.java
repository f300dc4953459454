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

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A blocking, full-duplex connection. One thread may read while another writes, and
 * neither waits for the other; any thread may close. Two readers, or two writers, take
 * turns.
 */
public interface PipeChannel extends AutoCloseable {

	/**
	 * Read what is there, waiting for at least one byte.
	 * @param destination takes the bytes
	 * @return the number of bytes, or -1 at the end of the stream (the peer has closed or
	 * has shut its output down); 0 only for a buffer without room
	 * @throws PipeTimeoutException if the read time-out is over; the connection stays
	 * usable
	 * @throws PipeClosedException if this channel is closed, before or during the read
	 */
	int read(ByteBuffer destination);

	/**
	 * Write everything that remains in the buffer. In message mode this is one message. A
	 * buffer without bytes is written as nothing: it does not end the stream.
	 * @param source holds the bytes
	 * @throws PipeTimeoutException if the write time-out is over; the buffer's position
	 * says how much was taken
	 * @throws PipeResetException if the peer is gone
	 * @throws PipeClosedException if this channel is closed, before or during the write,
	 * or its output was shut down
	 */
	void write(ByteBuffer source);

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
	 * How long a read may wait for its first byte. Applies to reads that start later.
	 * @param timeout the time-out; zero for none, which is the default and the fastest
	 * @throws IllegalStateException if the transport cannot change it while a read or a
	 * write is under way
	 */
	void setReadTimeout(Duration timeout);

	/**
	 * How long a write may wait for the peer to take its bytes. Applies to writes that
	 * start later.
	 * @param timeout the time-out; zero for none, which is the default and the fastest
	 * @throws IllegalStateException if the transport cannot change it while a read or a
	 * write is under way
	 */
	void setWriteTimeout(Duration timeout);

	/**
	 * Say that nothing more is written. The peer reads what was written and then the end
	 * of the stream; the other direction goes on.
	 * @throws PipeUnsupportedException if the transport has no half close in this mode
	 */
	void shutdownOutput();

	/**
	 * Whether the channel is open on this side. Says nothing of the peer.
	 * @return {@code false} once closed
	 */
	boolean isOpen();

	/**
	 * Who is at the other end.
	 * @return the peer, as far as the transport can tell now
	 */
	PeerIdentity peer();

	/**
	 * The means to act as the peer on this machine.
	 * @return the impersonation of the peer
	 * @throws PipeUnsupportedException if the transport cannot impersonate
	 */
	Impersonation impersonation();

	/**
	 * Close. Ends pending operations as closed; bytes that were written stay readable for
	 * the peer. Waiting for that, where the system needs it, is bounded. Idempotent.
	 */
	@Override
	void close();

}
