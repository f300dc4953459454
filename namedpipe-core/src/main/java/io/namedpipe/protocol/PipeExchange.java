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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;

/**
 * One request on its way from the wire to its handler and back, with the caller and what
 * is kept for the request. It owns the rule that a request has exactly one terminal
 * answer: a reply, a failure, or an abandoned connection; never two, never silence.
 * Thread-safe; every method may be called by any thread.
 *
 * @since 0.1.0
 */
public final class PipeExchange {

	private final ServerConnection connection;

	private final PipeRequest request;

	private final @Nullable PipeChannel channel;

	private final Responder responder;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final AtomicBoolean answered = new AtomicBoolean();

	private final CompletableFuture<ExchangeOutcome> end = new CompletableFuture<>();

	private final CompletableFuture<Boolean> clientGone = new CompletableFuture<>();

	private final long started = System.nanoTime();

	private volatile boolean deferred;

	private volatile @Nullable Consumer<ExchangeOutcome> outcomeListener;

	PipeExchange(ServerConnection connection, PipeRequest request, @Nullable PipeChannel channel, Responder responder) {
		this.connection = connection;
		this.request = request;
		this.channel = channel;
		this.responder = responder;
	}

	/**
	 * The id of the pipe.
	 * @return the id
	 */
	public String pipeId() {
		return this.connection.pipeId();
	}

	/**
	 * What the client sent.
	 * @return the request
	 */
	public PipeRequest request() {
		return this.request;
	}

	/**
	 * The connection itself, where the protocol hands it to the handler.
	 * @return the channel, or {@code null} if it belongs to the protocol
	 */
	public @Nullable PipeChannel channel() {
		return this.channel;
	}

	/**
	 * Who sent the request.
	 * @return the caller
	 */
	public PeerIdentity peer() {
		return this.connection.peer();
	}

	/**
	 * The means to act as the caller.
	 * @return the impersonation of the caller
	 * @throws io.namedpipe.transport.PipeUnsupportedException if the transport cannot
	 * impersonate
	 */
	public Impersonation impersonation() {
		return this.connection.channel().impersonation();
	}

	/**
	 * What is kept for the request.
	 * @return the attributes, which can be changed
	 */
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	/**
	 * The time since the request was complete.
	 * @return the time
	 */
	public Duration duration() {
		return Duration.ofNanos(System.nanoTime() - this.started);
	}

	/**
	 * Answer with a reply. It is written by the calling thread; its body is closed in any
	 * case. If it cannot be written and the connection is still good, such as a reply
	 * that is too large, the client is told a failure instead.
	 * @param reply the reply
	 * @return {@code false} if the exchange was answered before; the reply is dropped
	 */
	public boolean reply(PipeReply reply) {
		boolean first = this.answered.compareAndSet(false, true);
		Throwable thrown = null;
		try (PipeBody body = reply.body()) {
			if (first) {
				this.responder.reply(reply);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			thrown = ex;
		}
		if (first) {
			if (thrown != null) {
				answerFailure(thrown, thrown instanceof PipeResetException);
			}
			else {
				report(ExchangeOutcome.REPLIED);
				end(ExchangeOutcome.REPLIED);
			}
		}
		return first;
	}

	/**
	 * Answer with a failure. It is written by the calling thread.
	 * @param failure what the client is told
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean fail(PipeFailure failure) {
		boolean first = this.answered.compareAndSet(false, true);
		if (first) {
			answerFailure(failure, null);
		}
		return first;
	}

	/**
	 * Answer with the failure that something which was thrown means. If the connection
	 * has ended, the exchange is abandoned.
	 * @param thrown what was thrown
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean fail(Throwable thrown) {
		boolean first = this.answered.compareAndSet(false, true);
		if (first) {
			// A handler with the channel talks to the client itself. Another handler may
			// be a client too, of a server that is gone.
			answerFailure(thrown, this.channel != null && thrown instanceof PipeResetException);
		}
		return first;
	}

	/**
	 * Give the exchange up without an answer.
	 * @param cause why
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean abandon(Throwable cause) {
		boolean first = this.answered.compareAndSet(false, true);
		if (first) {
			ExchangeOutcome outcome = ExchangeOutcome.abandoned(cause);
			report(outcome);
			end(outcome);
		}
		return first;
	}

	private void answerFailure(Throwable thrown, boolean connectionLost) {
		if (connectionLost || !this.connection.channel().isOpen()) {
			ExchangeOutcome outcome = ExchangeOutcome.abandoned(thrown);
			report(outcome);
			end(outcome);
		}
		else {
			answerFailure(PipeFailure.of(thrown), thrown);
		}
	}

	// The failure is reported first: the client may ask about it as soon as it knows.
	private void answerFailure(PipeFailure failure, @Nullable Throwable thrown) {
		ExchangeOutcome outcome = new ExchangeOutcome(failure, thrown);
		report(outcome);
		try {
			this.responder.fail(failure);
		}
		catch (RuntimeException ex) {
			outcome = ExchangeOutcome.abandoned(ex);
		}
		finally {
			end(outcome);
		}
	}

	private void report(ExchangeOutcome outcome) {
		Consumer<ExchangeOutcome> listener = this.outcomeListener;
		if (listener != null) {
			listener.accept(outcome);
		}
	}

	private void end(ExchangeOutcome outcome) {
		this.connection.ended(this);
		this.end.complete(outcome);
	}

	/**
	 * Whether the exchange has its answer, so that nothing can be done for the request
	 * any more.
	 * @return {@code true} from the moment on that an answer was given, while it may
	 * still be written
	 */
	public boolean isAnswered() {
		return this.answered.get();
	}

	/**
	 * Say that the answer comes later, by another thread. Otherwise an exchange that is
	 * not answered when its handler returns is a defect of the server.
	 */
	public void defer() {
		this.deferred = true;
	}

	/**
	 * Whether the answer may come later.
	 * @return {@code true} after {@link #defer()}
	 */
	public boolean isDeferred() {
		return this.deferred;
	}

	/**
	 * Set what is told the outcome, once: after a reply was written, before a failure is.
	 * For the container.
	 * @param listener the listener, which must not throw
	 */
	public void setOutcomeListener(Consumer<ExchangeOutcome> listener) {
		this.outcomeListener = listener;
	}

	/**
	 * Run something after the answer was written, or at once if it was.
	 * @param callback the callback, run by the thread that answers; the last one that was
	 * added runs first
	 */
	public void onEnd(Runnable callback) {
		this.end.thenRun(callback);
	}

	// For the session. After a time limit the exchange has failed.
	ExchangeOutcome await(Duration limit) {
		try {
			while (true) {
				try {
					return (limit.isZero() || this.answered.get()) ? this.end.get()
							: this.end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
				}
				catch (TimeoutException ex) {
					fail(new PipeFailure(Code.TIMEOUT,
							"the request was not handled within %d ms".formatted(limit.toMillis())));
				}
			}
		}
		catch (InterruptedException ex) {
			abandon(new PipeClosedException("The server has closed the connection before the request was handled", ex));
			return this.end.join();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Whether nobody waits for the answer any more: the client is known to have left, or
	 * the connection was closed, as after a time limit. A client is looked at now and
	 * then, not at every call. The thread of a handler that still works for it is
	 * interrupted.
	 * @return {@code true} if the answer has no receiver
	 */
	public boolean isClientGone() {
		return this.clientGone.isDone() || !this.connection.channel().isOpen();
	}

	/**
	 * Run something when the client is found to be gone, or at once if it was.
	 * @param callback the callback, such as one that cancels the work
	 */
	public void onClientGone(Runnable callback) {
		this.clientGone.thenRun(callback);
	}

	void clientHasLeft() {
		this.clientGone.complete(true);
	}

	/**
	 * Whether the server stops. A request in flight has the grace period to finish.
	 * @return {@code true} from the begin of the stop on
	 */
	public boolean isServerStopping() {
		return this.connection.isStopping();
	}

	@Override
	public String toString() {
		return "PipeExchange[pipe '%s', route '%s']".formatted(pipeId(), LogText.of(this.request.route()));
	}

	/**
	 * Writes the answer of an exchange. Implemented by the session; called once, by the
	 * thread that answers.
	 */
	public interface Responder {

		/**
		 * Write a reply.
		 * @param reply the reply, whose body the caller closes
		 * @throws PipeException if it cannot be written. Nothing was written, or the
		 * channel is closed
		 * @throws IOException if the body cannot be read; the same holds
		 */
		void reply(PipeReply reply) throws IOException;

		/**
		 * Tell the client a failure, as far as the protocol has a way to say it; close
		 * the channel where it has none.
		 * @param failure what went wrong
		 * @throws PipeException if it cannot be written
		 */
		void fail(PipeFailure failure);

	}

}
