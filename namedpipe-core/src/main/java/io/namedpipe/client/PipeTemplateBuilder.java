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
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

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

	PipeTemplateBuilder(PipeConnector connector, @Nullable PipeClientResources resources) {
		this(new Settings(connector, resources));
	}

	private PipeTemplateBuilder(Settings settings) {
		this.settings = settings;
	}

	/**
	 * Set the address of the pipe. It must be set.
	 * @param address the address
	 * @return a new builder
	 */
	public PipeTemplateBuilder address(PipeAddress address) {
		return with((changed) -> changed.address = address);
	}

	/**
	 * Set the protocol. The default is {@code stream-string} with its default greeting.
	 * @param protocol the protocol
	 * @return a new builder
	 */
	public PipeTemplateBuilder protocol(PipeProtocol protocol) {
		return with((changed) -> changed.protocol = protocol);
	}

	/**
	 * Set the options of connecting. The default is {@link PipeClientOptions#defaults()}.
	 * @param options the options
	 * @return a new builder
	 */
	public PipeTemplateBuilder options(PipeClientOptions options) {
		return with((changed) -> changed.options = options);
	}

	/**
	 * Set how connections are kept. The default is {@link PipePoolOptions#defaults()}.
	 * @param pool the options
	 * @return a new builder
	 */
	public PipeTemplateBuilder pool(PipePoolOptions pool) {
		return with((changed) -> changed.pool = pool);
	}

	/**
	 * Set the time-out of a request, once connected. It starts again when bytes of the
	 * request or the reply pass. The default is 30 seconds.
	 * @param requestTimeout the time-out; zero for none
	 * @return a new builder
	 */
	public PipeTemplateBuilder requestTimeout(Duration requestTimeout) {
		Assert.isTrue(!requestTimeout.isNegative(), "'requestTimeout' must not be negative");
		return with((changed) -> changed.requestTimeout = requestTimeout);
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
		return with((changed) -> changed.totalTimeout = totalTimeout);
	}

	/**
	 * Set the converters of payloads and replies that are objects. They are asked before
	 * the converter for JSON, which is always there if Jackson is on the class path. The
	 * default is none.
	 * @param converters the converters, asked in this order
	 * @return a new builder
	 */
	public PipeTemplateBuilder messageConverters(List<? extends MessageConverter> converters) {
		return with((changed) -> changed.converters = List.copyOf(converters));
	}

	/**
	 * Set the listeners of connections and requests. The default is none.
	 * @param listeners the listeners, in the order in which they are called
	 * @return a new builder
	 */
	public PipeTemplateBuilder listeners(List<? extends PipeClientListener> listeners) {
		return with((changed) -> changed.listeners = List.copyOf(listeners));
	}

	private PipeTemplateBuilder with(Consumer<Settings> change) {
		Settings changed = new Settings(this.settings);
		change.accept(changed);
		return new PipeTemplateBuilder(changed);
	}

	/**
	 * Build the template.
	 * @return the template
	 * @throws IllegalStateException if no address is set
	 */
	public PipeTemplate build() {
		PipeAddress address = this.settings.address;
		if (address == null) {
			throw new IllegalStateException(
					"No pipe to connect to: set 'namedpipe.client.default-pipe', or an address on the builder");
		}
		return new PipeTemplate(this.settings, address);
	}

	/**
	 * All settings. Not changed any more once a builder has them.
	 */
	static final class Settings {

		final PipeConnector connector;

		/** {@code null} if each template has its own. */
		final @Nullable PipeClientResources resources;

		@Nullable PipeAddress address;

		PipeProtocol protocol = new StreamStringProtocol();

		PipeClientOptions options = PipeClientOptions.defaults();

		PipePoolOptions pool = PipePoolOptions.defaults();

		Duration requestTimeout = Duration.ofSeconds(30);

		Duration totalTimeout = Duration.ZERO;

		List<MessageConverter> converters = List.of();

		List<PipeClientListener> listeners = List.of();

		Settings(PipeConnector connector, @Nullable PipeClientResources resources) {
			this.connector = connector;
			this.resources = resources;
		}

		Settings(Settings other) {
			this(other.connector, other.resources);
			this.address = other.address;
			this.protocol = other.protocol;
			this.options = other.options;
			this.pool = other.pool;
			this.requestTimeout = other.requestTimeout;
			this.totalTimeout = other.totalTimeout;
			this.converters = other.converters;
			this.listeners = other.listeners;
		}

	}

}
