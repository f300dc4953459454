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

package io.namedpipe.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeWatchdog;

/**
 * Sends requests to a pipe. Immutable and thread-safe; made by
 * {@link #builder(PipeTransport)} or, in a Spring Boot application, by the
 * {@link PipeTemplateBuilder} bean. Every request has a connection of its own.
 */
public final class PipeTemplate implements PipeOperations {

	/** One thread watches the deadlines of all templates. */
	private static final PipeWatchdog WATCHDOG = new PipeWatchdog("pipe-client-watchdog");

	private final PipeTransport transport;

	private final PipeAddress address;

	private final PipeProtocol protocol;

	private final PipeClientOptions options;

	private final Duration requestTimeout;

	PipeTemplate(PipeTransport transport, PipeAddress address, PipeProtocol protocol, PipeClientOptions options,
			Duration requestTimeout) {
		this.transport = transport;
		this.address = address;
		this.protocol = protocol;
		this.options = options;
		this.requestTimeout = requestTimeout;
	}

	/**
	 * Start to build a template.
	 * @param transport what it connects with
	 * @return a builder
	 */
	public static PipeTemplateBuilder builder(PipeTransport transport) {
		return new PipeTemplateBuilder(transport);
	}

	/**
	 * The pipe that requests go to.
	 * @return the address
	 */
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public String requestFile(String fileName) {
		if (exchange(PipeRequest.of(fileName)) instanceof PipeReply.Text text) {
			return text.text();
		}
		throw new PipeProtocolException("The server did not answer with a text");
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		return execute((channel) -> this.protocol.call(channel).exchange(request));
	}

	@Override
	public <T extends @Nullable Object> T execute(PipeChannelCallback<T> callback) {
		PipeChannel channel = this.transport.connect(this.address, this.options);
		PipeWatchdog.Guard guard = WATCHDOG.watch(channel);
		try (channel; guard) {
			guard.arm("The request to the pipe '%s'".formatted(this.address), this.requestTimeout);
			return callback.doWithChannel(channel);
		}
		catch (PipeException ex) {
			throw guard.translate(ex);
		}
	}

	@Override
	public String toString() {
		return "PipeTemplate[%s over %s]".formatted(this.address, this.transport.name());
	}

}
