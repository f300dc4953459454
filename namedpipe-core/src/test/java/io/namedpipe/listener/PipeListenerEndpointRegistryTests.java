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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.SmartLifecycle;

import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * All containers together.
 */
@Timeout(120)
class PipeListenerEndpointRegistryTests {

	private final PipeListenerEndpointRegistry registry = new PipeListenerEndpointRegistry();

	private final MemoryPipeTransport transport = new MemoryPipeTransport();

	private PipeListenerContainer add(boolean autoStartup) {
		String id = Pipes.uniqueName();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.transport), List.of())
			.create(PipeContainerSettings.of(id, PipeAddress.of(id), new StreamStringProtocol())
				.autoStartup(autoStartup)
				.build(), (exchange) -> exchange.reply(ContainerFixture.ECHO.handle(exchange)));
		this.registry.register(container);
		return container;
	}

	@Test
	void stopsBesideTheGracefulShutdownOfTheWebServer() {
		assertThat(this.registry.getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE - 1024);
		assertThat(this.registry.isAutoStartup()).isTrue();
	}

	@Test
	void findsContainersByTheirIds() {
		PipeListenerContainer one = add(true);
		PipeListenerContainer two = add(true);
		assertThat(this.registry.getContainer(two.id())).isSameAs(two);
		assertThat(this.registry.getContainer("nobody")).isNull();
		assertThat(this.registry.getContainers()).containsExactly(one, two);
		assertThatIllegalStateException().isThrownBy(() -> this.registry.register(one))
			.withMessageContaining("The pipe '%s' is registered already", one.id());
	}

	@Test
	void startsWhatStartsByItselfAlsoAfterARestart() {
		PipeListenerContainer automatic = add(true);
		PipeListenerContainer manual = add(false);
		assertThat(this.registry.isRunning()).isFalse();
		for (int round = 0; round < 2; round++) {
			this.registry.start();
			assertThat(this.registry.isRunning()).isTrue();
			assertThat(automatic.state()).isEqualTo(ContainerState.RUNNING);
			assertThat(manual.isRunning()).isFalse();
			this.registry.stop();
			assertThat(this.registry.isRunning()).isFalse();
			assertThat(automatic.isRunning()).isFalse();
		}
	}

	@Test
	void stopsWhatWasStartedByHandToo() {
		PipeListenerContainer manual = add(false);
		this.registry.start();
		manual.start();
		this.registry.stop();
		assertThat(manual.state()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void failureToStartStopsWhatWasStartedBefore() {
		PipeListenerContainer first = add(true);
		PipeListenerContainer second = add(true);
		PipeListenerContainer third = add(true);
		try (PipeServerChannel taken = this.transport.bind(second.settings().address(), PipeServerOptions.defaults())) {
			assertThatExceptionOfType(PipeListenerStartupException.class).isThrownBy(this.registry::start)
				.withMessageContaining(second.id());
			assertThat(taken.isOpen()).isTrue();
		}
		assertThat(first.state()).isEqualTo(ContainerState.STOPPED);
		assertThat(second.state()).isEqualTo(ContainerState.FAILED);
		assertThat(third.state()).isEqualTo(ContainerState.NEW);
		assertThat(this.registry.isRunning()).isFalse();
		this.registry.start();
		assertThat(third.isRunning()).isTrue();
		this.registry.destroy();
		assertThat(third.isRunning()).isFalse();
	}

	@Test
	void stopWithoutContainersCallsBackOnce() {
		AtomicInteger callbacks = new AtomicInteger();
		this.registry.stop(callbacks::incrementAndGet);
		assertThat(callbacks).hasValue(1);
	}

	@Test
	void allContainersStopAtTheSameTimeAndTheCallComesOnce() {
		List<Runnable> pending = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			this.registry.register(new SlowContainer("slow" + i, pending));
		}
		AtomicInteger callbacks = new AtomicInteger();
		this.registry.stop(callbacks::incrementAndGet);
		assertThat(pending).as("none waits for another").hasSize(3);
		pending.get(2).run();
		pending.get(0).run();
		assertThat(callbacks).hasValue(0);
		pending.get(1).run();
		assertThat(callbacks).hasValue(1);
	}

	private record SlowContainer(String id, List<Runnable> pending) implements PipeListenerContainer {

		@Override
		public boolean isReachable() {
			return false;
		}

		@Override
		public List<String> locations() {
			return List.of();
		}

		@Override
		public PipeContainerSettings settings() {
			return PipeContainerSettings.of(this.id, PipeAddress.of(this.id), new StreamStringProtocol()).build();
		}

		@Override
		public ContainerState state() {
			return ContainerState.RUNNING;
		}

		@Override
		public boolean isRunning() {
			return true;
		}

		@Override
		public int activeConnections() {
			return 0;
		}

		@Override
		public void start() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void stop(Runnable callback) {
			this.pending.add(callback);
		}

		@Override
		public void pause() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void resume() {
			throw new UnsupportedOperationException();
		}

	}

}
