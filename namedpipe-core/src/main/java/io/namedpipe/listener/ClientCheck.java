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

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.PipeException;

/**
 * Looks at the user of a client before each of its requests.
 */
final class ClientCheck {

	private final PipeContainerSettings settings;

	private final Admission admission;

	private final ExchangeDispatcher dispatcher;

	/** Whether users of connections that are kept are looked up again. */
	private final boolean rechecking;

	ClientCheck(PipeContainerSettings settings, Admission admission, ExchangeDispatcher dispatcher) {
		this.settings = settings;
		this.admission = admission;
		this.dispatcher = dispatcher;
		this.rechecking = !settings.identityMaxAge().isZero()
				&& (settings.protocol().capabilities().has(Feature.KEPT_CONNECTIONS)
						|| settings.protocol().capabilities().has(Feature.CONCURRENT_EXCHANGES));
	}

	/**
	 * Hand an exchange over to its handler, or refuse it.
	 * @param client the client
	 * @param exchange the exchange
	 */
	void handle(AdmittedClient client, PipeExchange exchange) {
		PipeFailure refusal = check(client);
		if (refusal == null) {
			this.dispatcher.handle(exchange, client.user());
		}
		else {
			this.dispatcher.refuse(exchange, refusal);
			client.channel().close();
		}
	}

	/**
	 * Look at the client once more: the first byte of a request has arrived that its
	 * handler has waited for.
	 * @param client the client
	 * @param connection its connection
	 * @throws PipeRequestException if the client is refused
	 */
	void identify(AdmittedClient client, ServerConnection connection) {
		for (PipeExchange exchange : connection.exchangesInFlight()) {
			PipeFailure refusal = check(client);
			if (refusal == null) {
				refusal = this.dispatcher.identify(exchange, client.user());
			}
			if (refusal != null) {
				exchange.fail(refusal);
				throw new PipeRequestException(refusal, null);
			}
		}
	}

	private @Nullable PipeFailure check(AdmittedClient client) {
		try {
			if (!client.isIdentified()) {
				this.admission.identify(client);
			}
			if (this.rechecking) {
				client.channel().recheckPeer(this.settings.identityMaxAge());
			}
			return null;
		}
		catch (Admission.RefusedException ex) {
			return ex.failure();
		}
		catch (PipeException ex) {
			return PipeFailure.of(ex);
		}
	}

}
