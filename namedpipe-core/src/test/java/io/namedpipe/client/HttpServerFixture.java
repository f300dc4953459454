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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * This library's own server with a handler of a test.
 */
public final class HttpServerFixture implements AutoCloseable {

	public final PipeTransport transport;

	public final PipeAddress address = Pipes.uniqueAddress();

	private final PipeProtocol protocol;

	private final PipeListenerContainer container;

	public HttpServerFixture(String transport, PipeProtocol protocol, ExchangeHandler handler) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
		this.protocol = protocol;
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of())
			.create(PipeContainerSettings.of("test", this.address, protocol)
				.maxConnections(100)
				.gracePeriod(Duration.ofSeconds(10))
				.build(), handler);
		this.container.start();
	}

	public PipeTemplateBuilder builder() {
		return PipeTemplate.builder(this.transport)
			.address(this.address)
			.protocol(this.protocol)
			.options(PipeClientOptions.builder()
				.connectTimeout(Duration.ofSeconds(Background.PATIENCE_SECONDS))
				.build());
	}

	public void stop() throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		this.container.stop(stopped::countDown);
		if (!stopped.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The container does not stop");
		}
	}

	public void start() {
		this.container.start();
	}

	@Override
	public void close() throws Exception {
		stop();
		this.transport.close();
	}

}
