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
import java.util.concurrent.atomic.AtomicReference;
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
 * One request on its way from the wire to its handler and back, with the caller and the
 * attributes of the request. It ensures that a request ends exactly once: with a reply,
 * with a failure, or abandoned because the connection has ended. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PipeExchange {

	private final ServerConnection connection;

	private final PipeRequest request;

	private final @Nullable PipeChannel channel;

	private final Responder responder;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>(4);

	/** The thread that answers, or has answered. */
	private final AtomicReference<@Nullable Thread> answerer = new AtomicReference<>();

	private final CompletableFuture<ExchangeOutcome> end = new CompletableFuture<>();

	private final CompletableFuture<Boolean> clientGone = new CompletableFuture<>();

	private final long started = System.nanoTime();

	private volatile boolean deferred;

	private volatile Consumer<ExchangeOutcome> outcomeListener = (outcome) -> {
	};

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
	 * The request of the client.
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
	 * The user that sent the request.
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
	 * Check that the calling thread has the identity of this process.
	 * @throws PipeImpersonationException if it has not, and must not be used
	 */
	public void requireOwnIdentity() {
		this.connection.channel().requireOwnIdentity();
	}

	/**
	 * The attributes of the request, by name.
	 * @return a map that can be changed, by several threads at once
	 */
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	/**
	 * The time since the session handed the request over.
	 * @return the time
	 */
	public Duration duration() {
		return Duration.ofNanos(System.nanoTime() - this.started);
	}

	/**
	 * Answer with a reply. The calling thread writes it; its body is closed in any case.
	 * If it cannot be written although the connection is open, such as one that is too
	 * large for the protocol, the client is told a failure instead.
	 * @param reply the reply
	 * @return {@code false} if the exchange was answered before, so that this reply is
	 * dropped
	 */
	public boolean reply(PipeReply reply) {
		boolean first = claim(() -> {
		});
		try (PipeBody body = reply.body()) {
			if (first) {
				this.responder.reply(reply);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			if (first) {
				answerFailure(brokenOff(ex), ex instanceof PipeResetException);
			}
			return first;
		}
		if (first) {
			this.outcomeListener.accept(ExchangeOutcome.REPLIED);
			end(ExchangeOutcome.REPLIED);
		}
		return first;
	}

	// Then the end of the connection is all that the client can be told.
	private Throwable brokenOff(Throwable thrown) {
		return (thrown instanceof PipeException || this.connection.channel().isOpen()) ? thrown
				: new PipeException("The reply broke off: " + thrown, thrown);
	}

	/**
	 * Answer with a failure. The calling thread writes it.
	 * @param failure what the client is told
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean fail(PipeFailure failure) {
		return claim(() -> answerFailure(failure, null));
	}

	/**
	 * Answer with the failure that {@link PipeFailure#of(Throwable)} makes of an
	 * exception. If the connection has ended, the exchange is abandoned.
	 * @param thrown what was thrown
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean fail(Throwable thrown) {
		// Without the channel, a reset may come from another pipe that the handler uses
		// as a client.
		return claim(() -> answerFailure(thrown, this.channel != null && thrown instanceof PipeResetException));
	}

	/**
	 * End the exchange without an answer.
	 * @param cause why
	 * @return {@code false} if the exchange was answered before
	 */
	public boolean abandon(Throwable cause) {
		return claim(() -> endAbandoned(cause));
	}

	private boolean claim(Runnable answer) {
		boolean first = this.answerer.compareAndSet(null, Thread.currentThread());
		if (first) {
			answer.run();
		}
		return first;
	}

	private void answerFailure(Throwable thrown, boolean connectionLost) {
		if (connectionLost || !this.connection.channel().isOpen()) {
			endAbandoned(thrown);
		}
		else {
			answerFailure(PipeFailure.of(thrown), thrown);
		}
	}

	private void endAbandoned(Throwable cause) {
		ExchangeOutcome outcome = ExchangeOutcome.abandoned(cause);
		this.outcomeListener.accept(outcome);
		end(outcome);
	}

	// Reported before it is sent, so that it is in the log when the client gets it.
	private void answerFailure(PipeFailure failure, @Nullable Throwable thrown) {
		ExchangeOutcome outcome = new ExchangeOutcome(failure, thrown);
		this.outcomeListener.accept(outcome);
		try {
			this.responder.fail(failure.forClient(thrown));
		}
		catch (RuntimeException ex) {
			outcome = ExchangeOutcome.abandoned(ex);
		}
		finally {
			end(outcome);
		}
	}

	private void end(ExchangeOutcome outcome) {
		this.connection.ended(this);
		this.end.complete(outcome);
	}

	/**
	 * Whether the exchange has its answer, which may still be written.
	 * @return {@code true} from the moment on that an answer was given
	 */
	public boolean isAnswered() {
		return this.answerer.get() != null;
	}

	/**
	 * Whether a thread is the one that answers, or has answered. For the container.
	 * @param thread the thread
	 * @return {@code true} from the moment on that it gave the answer
	 */
	public boolean isAnsweredBy(Thread thread) {
		return this.answerer.get() == thread;
	}

	/**
	 * Tell that the exchange is answered later, by any thread. Otherwise it fails as
	 * {@link PipeFailure.Code#INTERNAL} when its handler returns without an answer.
	 */
	public void defer() {
		this.deferred = true;
		if (this.clientGone.isDone()) {
			clientHasLeft();
		}
	}

	/**
	 * Whether the answer may come later.
	 * @return {@code true} after {@link #defer()}
	 */
	public boolean isDeferred() {
		return this.deferred;
	}

	/**
	 * Set the listener that is told the outcome, once: after a reply was written, but
	 * before a failure is written. For the container.
	 * @param listener the listener, which must not throw
	 */
	public void setOutcomeListener(Consumer<ExchangeOutcome> listener) {
		this.outcomeListener = listener;
	}

	/**
	 * Run a callback after the answer was written, or at once if it was written already.
	 * @param callback the callback, run by the thread that answers; the last one first
	 */
	public void onEnd(Runnable callback) {
		this.end.thenRun(callback);
	}

	// For the session. When the time limit expires, the exchange fails.
	ExchangeOutcome await(Duration limit) {
		try {
			while (true) {
				try {
					return (limit.isZero() || isAnswered()) ? this.end.get()
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
	 * Whether the answer has no receiver any more: the client is known to have left, or
	 * the connection was closed, for instance after a time limit. The container checks
	 * four times a second whether clients have left, and then also interrupts the threads
	 * of handlers that do not have the channel.
	 * @return {@code true} if an answer would reach no client
	 */
	public boolean isClientGone() {
		return this.clientGone.isDone() || !this.connection.channel().isOpen();
	}

	/**
	 * Run a callback when the client is found to have left, or at once if it was before.
	 * @param callback the callback, for instance one that cancels work
	 */
	public void onClientGone(Runnable callback) {
		this.clientGone.thenRun(callback);
	}

	// Nobody waits for an answer that comes later; a handler that still runs is
	// interrupted, and ends by itself. What has the channel may still read from it.
	void clientHasLeft() {
		this.clientGone.complete(true);
		if (this.deferred && this.channel == null) {
			abandon(new PipeResetException("The client has left"));
		}
	}

	/**
	 * Whether the server is stopping. A request in flight has the grace period to finish.
	 * @return {@code true} from the beginning of the stop on
	 */
	public boolean isServerStopping() {
		return this.connection.isStopping();
	}

	@Override
	public String toString() {
		return "PipeExchange[pipe '%s', route '%s']".formatted(pipeId(), LogText.of(this.request.route()));
	}

	/**
	 * Writes the answer of an exchange, on the thread that answers. One call, followed by
	 * {@code fail} if {@code reply} throws and the channel is open.
	 *
	 * @since 0.1.0
	 */
	public interface Responder {

		/**
		 * Write a reply.
		 * @param reply the reply, whose body the caller closes
		 * @throws PipeException if it cannot be written; then nothing was written, or the
		 * channel is closed
		 * @throws IOException if the body cannot be read; then nothing was written, or
		 * the channel is closed
		 */
		void reply(PipeReply reply) throws IOException;

		/**
		 * Tell the client a failure, or close the channel if the protocol cannot carry
		 * failures.
		 * @param failure what went wrong
		 * @throws PipeException if it cannot be written
		 */
		void fail(PipeFailure failure);

	}

}
