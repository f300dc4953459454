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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Listening ends that end by themselves, and several of them for one pipe.
 */
@Timeout(120)
class ContainerFailureTests {

	private final BreakableTransport transport = new BreakableTransport();

	private final ContainerFixture fixture = new ContainerFixture(this.transport);

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@Test
	void listeningEndThatEndsByItselfIsAFailureThatAStartMends() {
		assertFailsAndStartsAgain(new PipeClosedException("somebody closed it"));
	}

	@Test
	void errorOfAcceptIsAFailureThatAStartMends() {
		assertFailsAndStartsAgain(new NoClassDefFoundError("jdk/net/ExtendedSocketOptions"));
	}

	private void assertFailsAndStartsAgain(Throwable cause) {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		assertThat(container.isReachable()).isTrue();
		assertThat(this.fixture.ask("x")).isEqualTo("echo x");
		this.transport.breakWith(cause);
		await().until(() -> container.state() == ContainerState.FAILED);
		assertThat(container.isReachable()).isFalse();
		assertThat(this.fixture.log.lines()).filteredOn((line) -> line.startsWith("ERROR"))
			.singleElement()
			.asString()
			.contains("has failed and is closed")
			.contains(cause.getMessage());
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
		this.transport.breakWith(null);
		container.start();
		assertThat(this.fixture.ask("y")).isEqualTo("echo y");
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void nameThatSomebodyTakesAwayIsNoticedWithinSecondsAndMendedByARestart() throws Exception {
		AtomicBoolean reachable = this.transport.reachable;
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		reachable.set(false);
		assertThat(container.isReachable()).isFalse();
		await().untilAsserted(() -> assertThat(this.fixture.log.lines()).filteredOn((line) -> line.startsWith("ERROR"))
			.singleElement()
			.asString()
			.contains("clients do not find it any more at " + this.fixture.address));
		reachable.set(true);
		await().untilAsserted(() -> assertThat(this.fixture.log.lines())
			.anyMatch((line) -> line.startsWith("INFO") && line.contains("clients find it again")));
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void onePipeIsServedByEveryTransportThatAcceptsItsAddress() throws Exception {
		MemoryPipeTransport memory = new MemoryPipeTransport();
		PipeTransport system = Pipes.systemTransport();
		List<String> states = new CopyOnWriteArrayList<>();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(memory, system),
				List.of(new PipeServerListener() {

					@Override
					public void stateChanged(PipeListenerContainer changed, ContainerState from, ContainerState to,
							Throwable cause) {
						states.add(from + " " + to);
					}

				}))
			.create(this.fixture.settings().build(),
					(exchange) -> exchange.reply(ContainerFixture.ECHO.handle(exchange)));
		container.start();
		try {
			assertThat(container.locations()).hasSize(2);
			for (PipeTransport each : List.of(memory, system)) {
				try (PipeChannel client = each.connect(this.fixture.address, PipeClientOptions.defaults())) {
					assertThat(Pipes.readFrame(client)).isEqualTo(ContainerFixture.GREETING);
					client.write(Pipes.frame(each.name()));
					assertThat(Pipes.readFrame(client)).isEqualTo("echo " + each.name());
				}
			}
		}
		finally {
			ContainerFixture.stop(container);
		}
		assertThat(states).containsExactly("NEW RUNNING", "STOPPING STOPPED");
		assertThat(container.locations()).isEmpty();
		memory.bind(this.fixture.address, PipeServerOptions.defaults()).close();
		system.bind(this.fixture.address, PipeServerOptions.defaults()).close();
	}

	@Test
	void pipeThatOneTransportCannotOpenIsOpenedByNone() {
		MemoryPipeTransport memory = new MemoryPipeTransport();
		MemoryPipeTransport taken = new MemoryPipeTransport();
		taken.bind(this.fixture.address, PipeServerOptions.defaults());
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(memory, taken), List.of())
			.create(this.fixture.settings().build(), (exchange) -> {
			});
		assertThatExceptionOfType(PipeListenerStartupException.class).isThrownBy(container::start)
			.withCauseInstanceOf(PipeInUseException.class);
		assertThat(container.state()).isEqualTo(ContainerState.FAILED);
		memory.bind(this.fixture.address, PipeServerOptions.defaults()).close();
	}

	/**
	 * A transport whose listening end can be broken.
	 */
	private static final class BreakableTransport extends WrappedTransport {

		private final AtomicReference<Throwable> broken = new AtomicReference<>();

		private final AtomicBoolean reachable = new AtomicBoolean(true);

		private volatile PipeServerChannel server;

		void breakWith(Throwable cause) {
			this.broken.set(cause);
			if (cause != null) {
				this.server.close();
			}
		}

		@Override
		void bound(PipeServerChannel bound) {
			this.server = bound;
		}

		@Override
		PipeChannel accept(PipeServerChannel bound) {
			try {
				return bound.accept();
			}
			catch (PipeException ex) {
				Throwable cause = this.broken.get();
				if (cause instanceof Error error) {
					throw error;
				}
				throw (cause != null) ? (PipeException) cause : ex;
			}
		}

		@Override
		boolean isReachable(PipeServerChannel bound) {
			return super.isReachable(bound) && this.reachable.get();
		}

	}

}
