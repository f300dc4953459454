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
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;

/**
 * Builds {@link PipeTemplate}s. Immutable: every method returns another builder, so that
 * one builder can be shared.
 *
 * @since 0.1.0
 */
public final class PipeTemplateBuilder {

	private final Settings settings;

	private final @Nullable PipeAddress address;

	PipeTemplateBuilder(PipeConnector connector, @Nullable Deadlines deadlines) {
		this(new Settings(connector, new StreamStringProtocol(), PipeClientOptions.defaults(), Duration.ofSeconds(30),
				List.of(), deadlines), null);
	}

	private PipeTemplateBuilder(Settings settings, @Nullable PipeAddress address) {
		this.settings = settings;
		this.address = address;
	}

	/**
	 * Set the pipe.
	 * @param address the address
	 * @return a builder with it
	 */
	public PipeTemplateBuilder address(PipeAddress address) {
		return new PipeTemplateBuilder(this.settings, address);
	}

	/**
	 * Set the protocol, which is {@code stream-string} if not set.
	 * @param protocol the protocol
	 * @return a builder with it
	 */
	public PipeTemplateBuilder protocol(PipeProtocol protocol) {
		return with(new Settings(this.settings.connector, protocol, this.settings.options, this.settings.requestTimeout,
				this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set how to connect.
	 * @param options the options
	 * @return a builder with them
	 */
	public PipeTemplateBuilder options(PipeClientOptions options) {
		return with(new Settings(this.settings.connector, this.settings.protocol, options, this.settings.requestTimeout,
				this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set how long a request may take, once connected; 30 s if not set.
	 * @param requestTimeout the time-out, zero for none
	 * @return a builder with it
	 */
	public PipeTemplateBuilder requestTimeout(Duration requestTimeout) {
		Assert.isTrue(!requestTimeout.isNegative(), "'requestTimeout' must not be negative");
		return with(new Settings(this.settings.connector, this.settings.protocol, this.settings.options, requestTimeout,
				this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set what is told of connections and requests.
	 * @param listeners the listeners
	 * @return a builder with them
	 */
	public PipeTemplateBuilder listeners(List<? extends PipeClientListener> listeners) {
		return with(new Settings(this.settings.connector, this.settings.protocol, this.settings.options,
				this.settings.requestTimeout, List.copyOf(listeners), this.settings.deadlines));
	}

	private PipeTemplateBuilder with(Settings changed) {
		return new PipeTemplateBuilder(changed, this.address);
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
		return new PipeTemplate(this.settings, this.address);
	}

	/**
	 * All but the address.
	 *
	 * @param connector what templates connect with
	 * @param protocol the protocol
	 * @param options how to connect
	 * @param requestTimeout time limit of a request
	 * @param listeners what is told of connections and requests
	 * @param deadlines the owner of the deadlines, {@code null} for one of each template
	 */
	record Settings(PipeConnector connector, PipeProtocol protocol, PipeClientOptions options, Duration requestTimeout,
			List<PipeClientListener> listeners, @Nullable Deadlines deadlines) {
	}

}
