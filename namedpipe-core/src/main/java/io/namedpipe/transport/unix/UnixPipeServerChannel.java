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
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A listening Unix-domain socket.
 */
final class UnixPipeServerChannel implements PipeServerChannel {

	private static final System.Logger logger = System.getLogger(UnixPipeServerChannel.class.getName());

	private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final PipeAddress address;

	private final SocketClaim claim;

	private final UnixAccess access;

	private final UnixPeers peers;

	private final PipeDirection direction;

	private final Acceptor acceptor;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicLong refused = new AtomicLong();

	private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_NANOS);

	UnixPipeServerChannel(PipeAddress address, Acceptor acceptor, SocketClaim claim, UnixAccess access, UnixPeers peers,
			PipeDirection direction) {
		this.direction = direction;
		this.address = address;
		this.claim = claim;
		this.access = access;
		this.peers = peers;
		this.acceptor = acceptor;
	}

	@Override
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public String location() {
		return this.claim.socket().toString();
	}

	@Override
	public PipeChannel accept() {
		try {
			while (true) {
				PipeChannel channel = admit(this.acceptor.accept());
				if (channel != null) {
					return channel;
				}
			}
		}
		catch (ClosedChannelException ex) {
			throw new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address), ex);
		}
		catch (IOException ex) {
			throw SocketFailures.failed("No client could be accepted on the pipe '%s'".formatted(this.address), ex);
		}
	}

	private PipeChannel channel(SocketChannel accepted, @Nullable UnixPeer peer) {
		UnixPipeChannel.shutUnused(accepted, this.direction, true);
		return this.direction.limit(new UnixPipeChannel(accepted, this.peers, peer), true);
	}

	// Admit a peer or close its connection. A failure with one peer must not end the
	// accepting of others.
	private @Nullable PipeChannel admit(SocketChannel accepted) throws IOException {
		String reason;
		try {
			if (this.access.isOpenToAll() && !this.peers.isImmediate()) {
				return channel(accepted, null);
			}
			UnixPeer peer = this.peers.identify(accepted);
			if (this.access.permits(peer.user())) {
				return channel(accepted, peer);
			}
			reason = peer.user() + " is not allowed";
		}
		catch (RuntimeException ex) {
			reason = String.valueOf(ex.getMessage());
		}
		catch (Error ex) {
			// No other code has the connection.
			accepted.close();
			throw ex;
		}
		accepted.close();
		report(reason);
		return null;
	}

	private void report(String reason) {
		long count = this.refused.incrementAndGet();
		long now = System.nanoTime();
		long last = this.lastReport.get();
		// Refused clients must not be able to fill the log.
		if (now - last >= REPORT_NANOS && this.lastReport.compareAndSet(last, now)) {
			logger.log(Level.WARNING, "The pipe ''{0}'' refused a client: {1} (refused so far: {2})", this.address,
					reason, count);
		}
	}

	@Override
	public Set<String> ownerIds() {
		return Stream.of(UnixIds.ROOT, UnixProcess.self().euid())
			.map(UnixIds::format)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public boolean isOpen() {
		return this.acceptor.isOpen();
	}

	@Override
	public boolean isReachable() {
		return isOpen() && this.claim.isReachable();
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		// The name goes first: a client then meets no server, not one that never answers.
		try (this.acceptor) {
			this.claim.removeSocket();
		}
		catch (IOException ex) {
			throw new PipeException("The pipe '%s' could not be closed".formatted(this.address), ex);
		}
		finally {
			this.claim.close();
		}
	}

}
