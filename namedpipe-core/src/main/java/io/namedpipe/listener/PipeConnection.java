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

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeWatchdog;

/**
 * One accepted client, from its greeting to its end. Whatever the client does, it harms
 * nobody else and leaves one line in the log at most.
 */
final class PipeConnection {

	private static final Log logger = LogFactory.getLog(PipeConnection.class);

	private final PipeContainerSettings settings;

	private final PipeChannel channel;

	private final RequestDispatcher dispatcher;

	PipeConnection(PipeContainerSettings settings, PipeChannel channel, RequestDispatcher dispatcher) {
		this.settings = settings;
		this.channel = channel;
		this.dispatcher = dispatcher;
	}

	void serve(PipeWatchdog watchdog) {
		PipeWatchdog.Guard guard = watchdog.watch(this.channel);
		try (this.channel; guard) {
			converse(guard);
		}
		catch (PipeException ex) {
			report(guard.translate(ex));
		}
		catch (RuntimeException ex) {
			logger.error("Pipe '%s': a connection ended in an unexpected way".formatted(this.settings.id()), ex);
		}
	}

	private void converse(PipeWatchdog.Guard guard) {
		ServerConversation conversation = this.settings.protocol().serve(this.channel);
		guard.arm("Greeting the client", this.settings.writeTimeout());
		conversation.open();
		Duration patience = this.settings.readTimeout();
		int requests = 0;
		while (true) {
			guard.arm("Waiting for a request", patience);
			PipeRequest request = conversation.next();
			guard.disarm();
			if (request == null) {
				break;
			}
			requests++;
			this.dispatcher.dispatch(new PipeRequestContext(this.settings.id(), request, this.channel), conversation,
					guard);
			if (!this.channel.isOpen()) {
				break;
			}
			patience = this.settings.idleTimeout();
		}
		if (requests == 0) {
			logger.info("Pipe '%s': a client left without a request".formatted(this.settings.id()));
		}
	}

	private void report(PipeException ex) {
		String id = this.settings.id();
		if (ex instanceof PipeProtocolException) {
			logger.warn("Pipe '%s': %s broke the protocol: %s".formatted(id, user(), LogText.clean(message(ex))));
		}
		else if (ex instanceof PipeTimeoutException) {
			logger.warn("Pipe '%s': the connection of %s was closed: %s".formatted(id, user(), message(ex)));
		}
		else if (ex instanceof PipeResetException) {
			logger.info("Pipe '%s': a client left before it was answered".formatted(id));
		}
		else if (ex instanceof PipeClosedException) {
			logger.info("Pipe '%s': the connection of %s was ended by the server".formatted(id, user()));
		}
		else {
			logger.warn("Pipe '%s': the connection of %s failed: %s".formatted(id, user(), message(ex)));
		}
	}

	private String user() {
		return LogText.user(this.channel);
	}

	private static String message(PipeException ex) {
		String message = ex.getMessage();
		return (message != null) ? message : ex.getClass().getSimpleName();
	}

}
