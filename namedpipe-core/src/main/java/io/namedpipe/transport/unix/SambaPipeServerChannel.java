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
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A socket that smbd connects to for each client that opens the pipe. A client's whole
 * SMB connection blocks until smbd has its answer, so threads of this channel answer,
 * also if no thread waits in {@link #accept()}. They are started from a thread that never
 * acts as a client.
 */
final class SambaPipeServerChannel implements PipeServerChannel {

	/** The maximum number of clients that are answered and wait to be served. */
	static final int MAX_WAITING = 256;

	private static final System.Logger logger = System.getLogger(SambaPipeServerChannel.class.getName());

	private static final int MAX_HANDSHAKES = 32;

	private static final long RETRY_MILLIS = 100;

	private final PipeAddress address;

	private final Acceptor acceptor;

	private final @Nullable SocketClaim claim;

	private final SambaHandshakes handshakes;

	private final UnixPeers peers;

	private final AtomicBoolean closed = new AtomicBoolean();

	/** What {@link #accept()} yields. */
	private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

	private final Semaphore places = new Semaphore(MAX_WAITING);

	private final ThreadPoolExecutor threads;

	private final RepeatedLine refusals = new RepeatedLine(Duration.ofSeconds(10));

	SambaPipeServerChannel(PipeAddress address, Acceptor acceptor, @Nullable SocketClaim claim,
			SambaHandshakes handshakes, UnixPeers peers) {
		this.address = address;
		this.acceptor = acceptor;
		this.claim = claim;
		this.handshakes = handshakes;
		this.peers = peers;
		this.threads = new ThreadPoolExecutor(0, MAX_HANDSHAKES, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> PlatformThreads.daemon("samba-handshake-" + address.name(), task));
	}

	// Begin to take over what smbd connects.
	SambaPipeServerChannel start() {
		PlatformThreads.daemon("samba-accept-" + this.address.name(), this::run).start();
		return this;
	}

	private void run() {
		try {
			while (!this.closed.get()) {
				acceptOne();
			}
		}
		catch (ClosedChannelException ex) {
			// The end of the listening.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			close();
		}
	}

	private void acceptOne() throws ClosedChannelException, InterruptedException {
		try {
			SocketChannel socket = this.acceptor.accept();
			try {
				this.threads.execute(() -> takeOver(socket));
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				socket.close();
				report((ex instanceof RejectedExecutionException)
						? "too many connections of smbd are being taken over at once"
						: "no thread could be started to take it over: " + ex.getMessage());
			}
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			this.events.add(new Event(null, SocketFailures
				.failed("No client of smbd could be accepted on the pipe '%s'".formatted(this.address), ex)));
			Thread.sleep(RETRY_MILLIS);
		}
	}

	// A failure of one connection must not affect the others.
	private void takeOver(SocketChannel socket) {
		boolean kept = false;
		try {
			kept = tryTakeOver(socket);
		}
		catch (IOException | RuntimeException | Error ex) {
			report(String.valueOf(ex.getMessage()));
		}
		finally {
			if (!kept) {
				closeQuietly(socket);
			}
		}
	}

	private boolean tryTakeOver(SocketChannel socket) throws IOException {
		SambaHandshakes.Client client = this.handshakes.read(socket);
		if (!this.places.tryAcquire()) {
			answer(socket, SambaHandshake.busy());
			report("%d clients wait already".formatted(MAX_WAITING));
			return false;
		}
		boolean kept = false;
		try {
			answer(socket, SambaHandshake.accepted());
			this.events.add(new Event(client.open(socket, this.peers), null));
			kept = true;
		}
		finally {
			if (!kept) {
				this.places.release();
			}
		}
		if (this.closed.get()) {
			discard();
		}
		return true;
	}

	// The answer always fits into the buffer of a new socket.
	private static void answer(SocketChannel socket, ByteBuffer answer) throws IOException {
		while (answer.hasRemaining()) {
			socket.write(answer);
		}
	}

	// Refused clients must not be able to fill the log.
	private void report(String reason) {
		if (!this.closed.get()) {
			this.refusals.say((suffix) -> logger.log(Level.WARNING, "The pipe ''{0}'' refused a client of smbd: {1}{2}",
					this.address, reason, suffix));
		}
	}

	@Override
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public String location() {
		return (this.claim != null) ? this.claim.socket() + " (for smbd)" : "the inherited socket (for smbd)";
	}

	@Override
	public PipeChannel accept() {
		while (true) {
			Event event = take();
			if (event.failure() != null) {
				throw event.failure();
			}
			PipeChannel channel = event.channel();
			if (channel == null) {
				// For the other threads that wait.
				this.events.add(event);
				throw new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address));
			}
			this.places.release();
			if (!channel.isPeerGone()) {
				return channel;
			}
			channel.close();
		}
	}

	private Event take() {
		try {
			return this.events.take();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Waiting for a client was interrupted", ex);
		}
	}

	@Override
	public boolean isOpen() {
		return !this.closed.get() && this.acceptor.isOpen();
	}

	@Override
	public boolean isReachable() {
		return isOpen() && (this.claim == null || this.claim.isReachable());
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.threads.shutdownNow();
		try (this.acceptor) {
			if (this.claim != null) {
				this.claim.removeSocket();
			}
		}
		catch (IOException ex) {
			throw new PipeException("The pipe '%s' could not be closed".formatted(this.address), ex);
		}
		finally {
			discard();
			if (this.claim != null) {
				this.claim.close();
			}
		}
	}

	// Close the clients that were not accepted, and end every wait.
	private void discard() {
		Event event;
		while ((event = this.events.poll()) != null) {
			if (event.channel() != null) {
				event.channel().close();
			}
		}
		this.events.add(new Event(null, null));
	}

	private static void closeQuietly(SocketChannel socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// The connection is not used any more.
		}
	}

	/**
	 * The result of a wait for clients.
	 *
	 * @param channel a client
	 * @param failure why there is none; neither if the listening has ended
	 */
	private record Event(@Nullable PipeChannel channel, @Nullable PipeException failure) {
	}

}
