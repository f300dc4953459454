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

package io.namedpipe.listener;

import java.util.concurrent.Semaphore;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeWatchdog;

/**
 * Owns the rule that every request has exactly one terminal answer: a reply, a failure,
 * or a closed connection; never silence.
 */
final class RequestDispatcher {

	private static final Log logger = LogFactory.getLog(RequestDispatcher.class);

	private final PipeContainerSettings settings;

	private final PipeRequestHandler handler;

	private final Semaphore slots;

	RequestDispatcher(PipeContainerSettings settings, PipeRequestHandler handler) {
		this.settings = settings;
		this.handler = handler;
		this.slots = new Semaphore(settings.maxConcurrentRequests());
	}

	/**
	 * Handle a request and answer it.
	 * @param context the request
	 * @param conversation where the answer goes
	 * @param guard keeps the time
	 * @throws PipeException if the answer could not be given and the connection has to be
	 * closed
	 */
	void dispatch(PipeRequestContext context, ServerConversation conversation, PipeWatchdog.Guard guard) {
		if (!this.slots.tryAcquire()) {
			fail(context, conversation, guard,
					new PipeFailure(Code.BUSY, "the server already handles %d requests; try again later"
						.formatted(this.settings.maxConcurrentRequests())));
			return;
		}
		boolean handled = false;
		try {
			guard.arm("Handling the request", this.settings.requestTimeout());
			PipeReply reply = this.handler.handle(context);
			handled = true;
			guard.arm("Sending the reply", this.settings.writeTimeout());
			conversation.reply(reply);
		}
		catch (IdentityNotRestoredError ex) {
			throw ex;
		}
		catch (Throwable ex) {
			if (!context.channel().isOpen() || (ex instanceof PipeResetException && (handled || isRaw(context)))) {
				throw closed(ex, guard);
			}
			fail(context, conversation, guard, describe(context, ex));
		}
		finally {
			this.slots.release();
		}
	}

	// The handler of a raw pipe writes to the client itself. That of another pipe may be
	// a client too, of a server that is gone.
	private static boolean isRaw(PipeRequestContext context) {
		return context.request().payload() == context.channel();
	}

	private static PipeException closed(Throwable thrown, PipeWatchdog.Guard guard) {
		PipeException failure = (thrown instanceof PipeException ex) ? ex
				: new PipeException("The connection ended before the request was handled", thrown);
		return guard.translate(failure);
	}

	private PipeFailure describe(PipeRequestContext context, Throwable thrown) {
		PipeFailure failure = PipeFailures.of(thrown);
		if (!PipeFailures.isExpected(failure, thrown)) {
			logger.error("Pipe '%s': the handler failed".formatted(context.pipeId()), thrown);
			// What the program says of its own defects is not for the client.
			return new PipeFailure(Code.INTERNAL, "the server failed to handle the request");
		}
		return failure;
	}

	private void fail(PipeRequestContext context, ServerConversation conversation, PipeWatchdog.Guard guard,
			PipeFailure failure) {
		logger.warn("Pipe '%s': request of %s refused, %s: %s".formatted(context.pipeId(),
				LogText.user(context.channel()), failure.code(), LogText.clean(failure.message())));
		guard.arm("Sending the failure", this.settings.writeTimeout());
		conversation.fail(failure);
	}

}
