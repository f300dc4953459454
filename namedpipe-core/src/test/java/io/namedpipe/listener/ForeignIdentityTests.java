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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A thread that has a client's identity before a handler runs on it.
 */
@Timeout(120)
class ForeignIdentityTests {

	private final AtomicInteger handled = new AtomicInteger();

	private final ForeignTransport transport = new ForeignTransport();

	private final PipeListenerEndpointRegistry registry = new PipeListenerEndpointRegistry();

	@AfterEach
	void close() {
		this.registry.stop();
		this.transport.close();
	}

	private PipeListenerContainer add() {
		String id = Pipes.uniqueName();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.transport), List.of()).create(
				PipeContainerSettings.of(id, PipeAddress.of(id), new StreamStringProtocol()).build(), (exchange) -> {
					this.handled.incrementAndGet();
					exchange.reply(PipeReply.of("handled"));
				});
		this.registry.register(container);
		return container;
	}

	private String ask(PipeListenerContainer container) {
		try (PipeChannel client = this.transport.connect(container.settings().address(),
				PipeClientOptions.defaults())) {
			assertThat(Pipes.readFrame(client)).isEqualTo(ContainerFixture.GREETING);
			client.write(Pipes.frame("x"));
			return Pipes.readFrame(client);
		}
	}

	@Test
	void handlerDoesNotRunAndEveryContainerFails() {
		PipeListenerContainer first = add();
		PipeListenerContainer second = add();
		this.registry.start();
		assertThat(ask(first)).isEqualTo("handled");
		try (LogCapture log = LogCapture.of("'" + second.id() + "'")) {
			this.transport.foreign = true;
			assertThat(ask(first)).isNull();
			await().until(() -> first.state() == ContainerState.FAILED && second.state() == ContainerState.FAILED);
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("ERROR"))
				.singleElement()
				.asString()
				.contains("has failed and is closed")
				.contains("made to have another identity");
		}
		assertThat(this.handled).hasValue(1);
	}

	/**
	 * A transport whose clients are served by threads with another identity.
	 */
	private static final class ForeignTransport extends WrappedTransport {

		private volatile boolean foreign;

		@Override
		PipeChannel accept(PipeServerChannel bound) {
			PipeChannel channel = bound.accept();
			return (PipeChannel) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { PipeChannel.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("requireOwnIdentity") && this.foreign) {
							throw new PipeImpersonationException("made to have another identity", null, true);
						}
						try {
							return method.invoke(channel, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
