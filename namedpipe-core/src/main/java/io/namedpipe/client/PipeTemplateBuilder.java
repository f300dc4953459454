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
 * Builds {@link PipeTemplate}s. Immutable and thread-safe: every method returns a new
 * builder, so that a builder can be shared.
 *
 * @since 0.1.0
 */
public final class PipeTemplateBuilder {

	private final Settings settings;

	private final @Nullable PipeAddress address;

	PipeTemplateBuilder(PipeConnector connector, @Nullable Deadlines deadlines) {
		this(new Settings(connector, new StreamStringProtocol(), PipeClientOptions.defaults(), Duration.ofSeconds(30),
				Duration.ZERO, List.of(), deadlines), null);
	}

	private PipeTemplateBuilder(Settings settings, @Nullable PipeAddress address) {
		this.settings = settings;
		this.address = address;
	}

	/**
	 * Set the address of the pipe. It must be set.
	 * @param address the address
	 * @return a new builder
	 */
	public PipeTemplateBuilder address(PipeAddress address) {
		return new PipeTemplateBuilder(this.settings, address);
	}

	/**
	 * Set the protocol. The default is {@code stream-string} with its default greeting.
	 * @param protocol the protocol
	 * @return a new builder
	 */
	public PipeTemplateBuilder protocol(PipeProtocol protocol) {
		return with(new Settings(this.settings.connector, protocol, this.settings.options, this.settings.requestTimeout,
				this.settings.totalTimeout, this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set the options of connecting. The default is {@link PipeClientOptions#defaults()}.
	 * @param options the options
	 * @return a new builder
	 */
	public PipeTemplateBuilder options(PipeClientOptions options) {
		return with(new Settings(this.settings.connector, this.settings.protocol, options, this.settings.requestTimeout,
				this.settings.totalTimeout, this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set the time-out of a request, once connected. It starts again when bytes of the
	 * request or the reply pass. The default is 30 seconds.
	 * @param requestTimeout the time-out; zero for none
	 * @return a new builder
	 */
	public PipeTemplateBuilder requestTimeout(Duration requestTimeout) {
		Assert.isTrue(!requestTimeout.isNegative(), "'requestTimeout' must not be negative");
		return with(new Settings(this.settings.connector, this.settings.protocol, this.settings.options, requestTimeout,
				this.settings.totalTimeout, this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set the time that a whole request may take, once connected: to send it, to wait for
	 * the reply, and to read the reply, streamed bodies included. Progress does not
	 * prolong it. The default is no limit.
	 * @param totalTimeout the time-out; zero for none
	 * @return a new builder
	 */
	public PipeTemplateBuilder totalTimeout(Duration totalTimeout) {
		Assert.isTrue(!totalTimeout.isNegative(), "'totalTimeout' must not be negative");
		return with(new Settings(this.settings.connector, this.settings.protocol, this.settings.options,
				this.settings.requestTimeout, totalTimeout, this.settings.listeners, this.settings.deadlines));
	}

	/**
	 * Set the listeners of connections and requests. The default is none.
	 * @param listeners the listeners, in the order in which they are called
	 * @return a new builder
	 */
	public PipeTemplateBuilder listeners(List<? extends PipeClientListener> listeners) {
		return with(new Settings(this.settings.connector, this.settings.protocol, this.settings.options,
				this.settings.requestTimeout, this.settings.totalTimeout, List.copyOf(listeners),
				this.settings.deadlines));
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
	 * All settings but the address.
	 *
	 * @param connector the transport that connects
	 * @param protocol the protocol
	 * @param options the options of connecting
	 * @param requestTimeout the time-out of a request; zero for none
	 * @param totalTimeout the time limit of a whole request; zero for none
	 * @param listeners the listeners of connections and requests
	 * @param deadlines watches the deadlines; {@code null} if each template has its own
	 */
	record Settings(PipeConnector connector, PipeProtocol protocol, PipeClientOptions options, Duration requestTimeout,
			Duration totalTimeout, List<PipeClientListener> listeners, @Nullable Deadlines deadlines) {
	}

}
