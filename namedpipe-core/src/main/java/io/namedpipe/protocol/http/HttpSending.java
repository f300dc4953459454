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

package io.namedpipe.protocol.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeResetException;

/**
 * Sends one request. A large request is sent in the background, so that an answer which
 * comes before its end is read, and a server that answers while it reads does not have to
 * wait.
 */
final class HttpSending {

	/** How long to wait for {@code 100 Continue}, which not every server sends. */
	private static final long CONTINUE_MILLIS = 1000;

	/** How long a request may still be in the making when its answer is complete. */
	private static final long FINISH_MILLIS = 250;

	private final ClientConnection connection;

	private final HttpOutput output;

	private final PipeBody body;

	private final HttpOutput.Head head;

	private final boolean expectsContinue;

	private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

	private final CountDownLatch continued = new CountDownLatch(1);

	private final FutureTask<@Nullable Void> task = new FutureTask<>(this::send, null);

	private volatile boolean whole;

	private volatile @Nullable Throwable failure;

	HttpSending(ClientConnection connection, HttpOutput output, PipeBody body, HttpOutput.Head head,
			boolean expectsContinue) {
		this.connection = connection;
		this.output = output;
		this.body = body;
		this.head = head;
		this.expectsContinue = expectsContinue;
	}

	/**
	 * Send, or begin to.
	 * @param background whether to return at once
	 * @throws IOException if the body cannot be read
	 */
	void start(boolean background) throws IOException {
		if (background) {
			this.connection.executor().execute(this.task);
		}
		else {
			this.task.run();
			rethrow();
			if (this.failure instanceof PipeClosedException ex) {
				// For instance by an interrupt. In the background, the reader reports it.
				throw ex;
			}
		}
	}

	private void send() {
		try {
			if (this.expectsContinue) {
				this.output.send(this.body, this.head, this::awaitContinue);
			}
			else {
				this.output.send(this.body, this.head);
			}
			this.whole = true;
		}
		catch (PipeResetException ex) {
			// A server may answer and close before it has read everything.
		}
		catch (IOException | RuntimeException | Error ex) {
			fail(ex);
		}
		finally {
			closeBody();
		}
	}

	private void fail(Throwable thrown) {
		if (this.stage.get() != Stage.TAKEN_BACK) {
			this.failure = thrown;
			// Ends the wait for the answer, since the request is never complete.
			this.connection.channel().close();
		}
	}

	// A body that was taken back is sent by another object.
	private void closeBody() {
		if (this.stage.get() != Stage.TAKEN_BACK) {
			try {
				this.body.close();
			}
			catch (IOException ex) {
				fail(ex);
			}
		}
	}

	private void awaitContinue() throws IOException {
		boolean wanted = false;
		try {
			boolean told = this.continued.await(CONTINUE_MILLIS, TimeUnit.MILLISECONDS);
			wanted = !(told && this.task.isCancelled()) && this.stage.compareAndSet(Stage.WAITING, Stage.BEGUN);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!wanted) {
			throw new InterruptedIOException("The request was answered before its body was sent");
		}
	}

	/**
	 * Tell that the server wants the body.
	 */
	void proceed() {
		this.continued.countDown();
	}

	/**
	 * Take the body back, to send it otherwise.
	 * @return {@code true} if nothing of it was read, nor will be
	 */
	boolean takeBack() {
		boolean taken = this.expectsContinue && this.stage.compareAndSet(Stage.WAITING, Stage.TAKEN_BACK);
		proceed();
		return taken;
	}

	/**
	 * Whether the request was sent to its end. Waits a moment if its end is near.
	 * @return {@code true} if so
	 */
	boolean isWhole() {
		if (this.expectsContinue && this.continued.getCount() > 0 && this.stage.get() == Stage.WAITING) {
			// The answer came first, and nothing of the body is to be sent any more.
			return false;
		}
		try {
			this.task.get(FINISH_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | CancellationException | TimeoutException ex) {
			// The request was not sent to its end.
		}
		return this.whole;
	}

	/**
	 * Do not send the rest, if there is one. The connection must be closed.
	 */
	void cancel() {
		this.task.cancel(true);
		this.continued.countDown();
	}

	/**
	 * Throw the failure of the sending, if there was one other than a lost connection.
	 * @throws IOException if the body could not be read
	 */
	void rethrow() throws IOException {
		Throwable thrown = this.failure;
		if (thrown instanceof Error ex) {
			throw ex;
		}
		if (thrown instanceof IOException ex) {
			throw ex;
		}
		if (thrown instanceof RuntimeException ex && !(thrown instanceof PipeClosedException)) {
			throw ex;
		}
	}

	private enum Stage {

		WAITING, BEGUN, TAKEN_BACK

	}

}
