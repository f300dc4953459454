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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A listening Unix-domain socket.
 */
final class UnixPipeServerChannel implements PipeServerChannel {

	private final PipeAddress address;

	private final ServerSocketChannel channel;

	private final SocketClaim claim;

	private final AtomicBoolean closed = new AtomicBoolean();

	UnixPipeServerChannel(PipeAddress address, ServerSocketChannel channel, SocketClaim claim) {
		this.address = address;
		this.channel = channel;
		this.claim = claim;
	}

	@Override
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public PipeChannel accept() {
		try {
			SocketChannel accepted = this.channel.accept();
			return new UnixPipeChannel(accepted, UnixPeers.identify(accepted));
		}
		catch (ClosedChannelException ex) {
			throw new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address), ex);
		}
		catch (IOException ex) {
			throw new PipeException(
					"No client could be accepted on the pipe '%s': %s".formatted(this.address, ex.getMessage()), ex);
		}
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			// The name goes first: a client then meets no server, not one that never
			// answers.
			this.claim.removeSocket();
			this.channel.close();
		}
		catch (IOException ex) {
			throw new PipeException("The pipe '%s' could not be closed".formatted(this.address), ex);
		}
		finally {
			this.claim.close();
		}
	}

}
