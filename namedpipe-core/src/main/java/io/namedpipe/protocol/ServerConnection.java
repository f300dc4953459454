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

package io.namedpipe.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The connection that a server's session works on, and what the container knows of it.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ServerConnection {

	private static final int CLOSED = -1;

	private final String pipeId;

	private final PipeChannel channel;

	private final Deadline deadline;

	private final ServerTimeouts timeouts;

	private final Set<PipeExchange> exchanges = ConcurrentHashMap.newKeySet();

	/** The number of exchanges in flight, those that arrive included. */
	private final AtomicInteger inFlight = new AtomicInteger();

	private final AtomicBoolean arriving = new AtomicBoolean();

	private final AtomicInteger begun = new AtomicInteger();

	private volatile long idleSince = System.nanoTime();

	private volatile boolean stopping;

	private volatile boolean clientLeft;

	private volatile @Nullable Runnable timeoutAnswer;

	private volatile Runnable arrivalListener = () -> {
	};

	/**
	 * Create the connection.
	 * @param pipeId the id of the pipe
	 * @param channel the connection
	 * @param deadline closes the channel when a time limit has expired
	 * @param timeouts the time limits
	 */
	public ServerConnection(String pipeId, PipeChannel channel, Deadline deadline, ServerTimeouts timeouts) {
		this.pipeId = pipeId;
		this.channel = channel;
		this.deadline = deadline;
		this.timeouts = timeouts;
	}

	/**
	 * The id of the pipe.
	 * @return the id
	 */
	public String pipeId() {
		return this.pipeId;
	}

	/**
	 * The channel, which belongs to the session.
	 * @return the channel
	 */
	public PipeChannel channel() {
		return this.channel;
	}

	/**
	 * The deadline, which closes the channel when a time limit has expired. The session
	 * arms it.
	 * @return the deadline
	 */
	public Deadline deadline() {
		return this.deadline;
	}

	/**
	 * The time limits of the session.
	 * @return the time limits; zero for none
	 */
	public ServerTimeouts timeouts() {
		return this.timeouts;
	}

	/**
	 * Set what tells the client that a time limit is over. When the deadline has expired,
	 * it runs on a thread of its own, and has a second; then the channel is closed.
	 * Without it the channel is closed at once.
	 * @param timeoutAnswer answers the client, or does nothing; the session's own thread
	 * may go on meanwhile
	 */
	public void setTimeoutAnswer(Runnable timeoutAnswer) {
		this.timeoutAnswer = timeoutAnswer;
	}

	/**
	 * What tells the client that a time limit is over. For the container.
	 * @return what answers the client, or {@code null}
	 */
	public @Nullable Runnable timeoutAnswer() {
		return this.timeoutAnswer;
	}

	/**
	 * The user at the other end.
	 * @return the peer, as far as the transport can tell now
	 */
	public PeerIdentity peer() {
		return this.channel.peer();
	}

	/**
	 * Hand a request over to the handler and wait until it is answered.
	 * @param handler answers the exchange
	 * @param request the request
	 * @param responder writes the answer
	 * @throws PipeException if the exchange could not be answered
	 */
	public void exchange(ExchangeHandler handler, PipeRequest request, PipeExchange.Responder responder) {
		exchange(handler, request, null, responder);
	}

	/**
	 * Hand a request over to the handler, with the connection itself, and wait until it
	 * is answered.
	 * @param handler answers the exchange
	 * @param request the request
	 * @param channel the channel for the handler to read and write, or {@code null}
	 * @param responder writes the answer
	 * @throws PipeException if the exchange could not be answered
	 */
	public void exchange(ExchangeHandler handler, PipeRequest request, @Nullable PipeChannel channel,
			PipeExchange.Responder responder) {
		if (!this.arriving.get()) {
			limitTotal(this.timeouts.total());
		}
		PipeExchange exchange = begin(request, channel, responder);
		Duration timeout = this.timeouts.request();
		this.deadline.arm("Handling the request", timeout, "request-timeout");
		try {
			handler.handle(exchange);
		}
		catch (Exception ex) {
			exchange.fail(ex);
		}
		ExchangeOutcome outcome = exchange.await(timeout);
		this.deadline.disarm();
		limitTotal(Duration.ZERO);
		if (outcome.isAbandoned()) {
			throw (outcome.cause() instanceof PipeException ex) ? ex
					: new PipeException("The connection ended before the request was handled", outcome.cause());
		}
	}

	/**
	 * Write the greeting or a part of a reply. The write time-out is one for stalls.
	 * @param task what is written, as the subject of an error message
	 * @param content the bytes
	 */
	public void write(String task, ByteBuffer content) {
		this.deadline.arm(task, this.timeouts.write(), "write-timeout");
		WatchedChannel.write(this.channel, this.deadline, this.timeouts.write(), content);
	}

	/**
	 * Write a part of a file without reading it, where the transport can do that and the
	 * write time-out is not so short that its progress must be seen.
	 * @param task what is written, as the subject of an error message
	 * @param file the file
	 * @param count how many bytes at most; the write time-out is for all of them
	 * @return how many bytes were written, 0 at the end of the file; negative if it has
	 * to be read
	 * @throws IOException if the file cannot be read
	 */
	public long write(String task, OpenedFile file, long count) throws IOException {
		if (WatchedChannel.isShort(this.timeouts.write())) {
			return -1;
		}
		this.deadline.arm(task, this.timeouts.write(), "write-timeout");
		return this.channel.write(file, count);
	}

	/**
	 * The channel, whose reads and writes start the deadline again while bytes pass.
	 * @return the channel
	 */
	public PipeChannel progressChannel() {
		return new WatchedChannel(this.channel, this.deadline, this.timeouts.request());
	}

	private void limitTotal(Duration limit) {
		this.deadline.limitTotal("The request", limit, "total-timeout");
	}

	/**
	 * Begin an exchange without waiting for its answer, for sessions with concurrent
	 * exchanges. The session then calls the handler with it. The container ends the
	 * exchange with a failure when the request time-out or the total time-out is over.
	 * @param request the request
	 * @param responder writes the answer
	 * @return the exchange
	 * @throws PipeClosedException if the server has closed the connection meanwhile
	 */
	public PipeExchange begin(PipeRequest request, PipeExchange.Responder responder) {
		limitTotal(Duration.ZERO);
		return begin(request, null, responder);
	}

	/**
	 * Tell that the first byte of a request has arrived. From now on the request is in
	 * flight, and a stop of the server waits for it.
	 * @throws PipeClosedException if the server has closed the connection meanwhile
	 */
	public void requestArrives() {
		if (this.arriving.compareAndSet(false, true)) {
			count();
			limitTotal(this.timeouts.total());
		}
	}

	/**
	 * Wait for the first byte of a request that was handed over before it arrived. A stop
	 * of the server closes the connection meanwhile.
	 * @param <T> the type of the result
	 * @param wait waits for the byte
	 * @return what it returns
	 * @throws PipeClosedException if the server has closed the connection meanwhile
	 */
	public <T extends @Nullable Object> T awaitRequest(Supplier<T> wait) {
		release();
		if (this.stopping) {
			closeIfIdle(Duration.ZERO);
		}
		T result;
		try {
			result = wait.get();
		}
		finally {
			add(1);
		}
		this.arrivalListener.run();
		return result;
	}

	/**
	 * Set what is called when the first byte has arrived that {@link #awaitRequest} has
	 * waited for. For the container.
	 * @param arrivalListener may throw an exception, which the session's read throws then
	 */
	public void setArrivalListener(Runnable arrivalListener) {
		this.arrivalListener = arrivalListener;
	}

	private void release() {
		this.idleSince = System.nanoTime();
		add(-1);
	}

	private int add(int change) {
		return this.inFlight.getAndUpdate((count) -> (count != CLOSED) ? count + change : CLOSED);
	}

	private void count() {
		if (add(1) == CLOSED) {
			throw new PipeClosedException("The server has closed the connection");
		}
	}

	private PipeExchange begin(PipeRequest request, @Nullable PipeChannel channel, PipeExchange.Responder responder) {
		if (!this.arriving.compareAndSet(true, false)) {
			count();
		}
		this.begun.incrementAndGet();
		PipeExchange exchange = new PipeExchange(this, request, channel, responder);
		this.exchanges.add(exchange);
		if (this.clientLeft) {
			exchange.clientHasLeft();
		}
		return exchange;
	}

	void ended(PipeExchange exchange) {
		this.exchanges.remove(exchange);
		release();
	}

	/**
	 * The number of requests on this connection so far.
	 * @return the number
	 */
	public int exchangeCount() {
		return this.begun.get();
	}

	/**
	 * The exchanges that are not answered yet.
	 * @return a live view of the exchanges
	 */
	public Collection<PipeExchange> exchangesInFlight() {
		return this.exchanges;
	}

	/**
	 * The time since the last exchange ended, or since the client connected.
	 * @return the time; zero while a request is in flight
	 */
	public Duration idleTime() {
		return (this.inFlight.get() == 0) ? Duration.ofNanos(System.nanoTime() - this.idleSince) : Duration.ZERO;
	}

	/**
	 * Close the connection if no request is in flight, and prevent that one begins.
	 * @param minimum the time for which the connection must have been idle
	 * @return whether the connection was closed
	 */
	public boolean closeIfIdle(Duration minimum) {
		if (System.nanoTime() - this.idleSince < minimum.toNanos() || !this.inFlight.compareAndSet(0, CLOSED)) {
			return false;
		}
		this.channel.close();
		return true;
	}

	/**
	 * Mark the connection as stopping.
	 */
	public void stop() {
		this.stopping = true;
	}

	/**
	 * Whether the server is stopping. The session should read no further request then.
	 * @return {@code true} from the beginning of the stop on
	 */
	public boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Tell the exchanges, also those to come, that the client has left. Called by a
	 * session that reads the end of the stream, or by the container.
	 */
	public void clientHasLeft() {
		this.clientLeft = true;
		this.exchanges.forEach(PipeExchange::clientHasLeft);
	}

	/**
	 * Turn a failure into a time-out, if the deadline has closed the channel.
	 * @param failure how the operation failed
	 * @return the failure, or a time-out caused by it
	 */
	public PipeException translate(PipeException failure) {
		return translate(this.deadline, failure);
	}

	static PipeException translate(Deadline deadline, PipeException failure) {
		return deadline.isExpired() ? new PipeTimeoutException(deadline.message(), failure) : failure;
	}

}
