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
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;

/**
 * Builds {@link PipeTemplate}s. Immutable: every method returns another builder, so that
 * one builder can be shared.
 */
public final class PipeTemplateBuilder {

	private final PipeTransport transport;

	private final @Nullable PipeAddress address;

	private final PipeProtocol protocol;

	private final PipeClientOptions options;

	private final Duration requestTimeout;

	PipeTemplateBuilder(PipeTransport transport) {
		this(transport, null, new StreamStringProtocol(), PipeClientOptions.defaults(), Duration.ofSeconds(30));
	}

	private PipeTemplateBuilder(PipeTransport transport, @Nullable PipeAddress address, PipeProtocol protocol,
			PipeClientOptions options, Duration requestTimeout) {
		this.transport = transport;
		this.address = address;
		this.protocol = protocol;
		this.options = options;
		this.requestTimeout = requestTimeout;
	}

	/**
	 * Set the pipe.
	 * @param address the address
	 * @return a builder with it
	 */
	public PipeTemplateBuilder address(PipeAddress address) {
		return new PipeTemplateBuilder(this.transport, address, this.protocol, this.options, this.requestTimeout);
	}

	/**
	 * Set the protocol.
	 * @param protocol the protocol
	 * @return a builder with it
	 */
	public PipeTemplateBuilder protocol(PipeProtocol protocol) {
		return new PipeTemplateBuilder(this.transport, this.address, protocol, this.options, this.requestTimeout);
	}

	/**
	 * Set how to connect.
	 * @param options the options
	 * @return a builder with them
	 */
	public PipeTemplateBuilder options(PipeClientOptions options) {
		return new PipeTemplateBuilder(this.transport, this.address, this.protocol, options, this.requestTimeout);
	}

	/**
	 * Set how long a request may take, once connected.
	 * @param requestTimeout the time-out, zero for none
	 * @return a builder with it
	 */
	public PipeTemplateBuilder requestTimeout(Duration requestTimeout) {
		return new PipeTemplateBuilder(this.transport, this.address, this.protocol, this.options, requestTimeout);
	}

	/**
	 * Build the template.
	 * @return the template
	 * @throws IllegalStateException if no address is set
	 */
	public PipeTemplate build() {
		if (this.address == null) {
			throw new IllegalStateException(
					"No pipe to connect to: set 'namedpipe.client.default-pipe', or an address on the builder");
		}
		return new PipeTemplate(this.transport, this.address, this.protocol, this.options, this.requestTimeout);
	}

}
