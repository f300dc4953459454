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

package io.namedpipe.actuate;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.anonymous.ChildPipeConnector;
import io.namedpipe.transport.anonymous.PipeProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests of the health of pipes in each state, and of the client's child.
 */
@Timeout(120)
class NamedPipeHealthIndicatorTests {

	private static PipeListenerEndpointRegistry registry(String id, ContainerState state, boolean reachable) {
		PipeListenerContainer container = mock(PipeListenerContainer.class);
		given(container.id()).willReturn(id);
		given(container.state()).willReturn(state);
		given(container.isReachable()).willReturn(reachable);
		PipeListenerEndpointRegistry registry = new PipeListenerEndpointRegistry();
		registry.register(container);
		return registry;
	}

	private static Health health(PipeListenerEndpointRegistry... registries) {
		return new NamedPipeHealthIndicator(List.of(registries), List.of()).health();
	}

	private static Health health(ChildPipeConnector child) {
		return new NamedPipeHealthIndicator(List.of(), List.of(child)).health();
	}

	private static ChildPipeConnector child(String program) {
		return new ChildPipeConnector(PipeAddress.of("child"), () -> PipeProcess.of(new ProcessBuilder(program)), 0,
				Duration.ZERO);
	}

	@ParameterizedTest
	@CsvSource({ "RUNNING, true, UP, RUNNING", "RUNNING, false, DOWN, UNREACHABLE", "FAILED, false, DOWN, FAILED",
			"STOPPED, false, UP, STOPPED", "PAUSED, false, UP, PAUSED", "NEW, false, UP, NEW" })
	void pipeThatShouldServeAndDoesNotIsDown(ContainerState state, boolean reachable, String status, String detail) {
		Health health = health(registry("files", state, reachable));
		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).extractingByKey("files").hasToString(detail);
	}

	@Test
	void onePipeThatIsDownMakesAllDown() {
		Health health = health(registry("a", ContainerState.FAILED, false),
				registry("b", ContainerState.RUNNING, true));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).hasSize(2);
	}

	@Test
	void ofPipesWithTheSameIdTheOneThatIsDownIsShown() {
		PipeListenerEndpointRegistry down = registry("files", ContainerState.FAILED, false);
		PipeListenerEndpointRegistry up = registry("files", ContainerState.RUNNING, true);
		for (Health health : Stream.of(health(down, up), health(up, down)).toList()) {
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsOnlyKeys("files").containsValue(ContainerState.FAILED);
		}
	}

	@Test
	void childThatCannotBeStartedIsDown() {
		try (ChildPipeConnector child = child("no-such-program")) {
			assertThat(health(child).getStatus()).isEqualTo(Status.UP);
			assertThat(health(child).getDetails()).containsEntry("child", "NOT_RUNNING");
			assertThatExceptionOfType(PipeException.class)
				.isThrownBy(() -> child.connect(PipeAddress.of("child"), PipeClientOptions.defaults()));
			assertThat(health(child).getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(child).getDetails()).extractingByKey("child").asString().contains("no-such-program");
		}
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void childThatRunsIsUp() {
		try (ChildPipeConnector child = child("cat");
				PipeChannel channel = child.connect(PipeAddress.of("child"), PipeClientOptions.defaults())) {
			assertThat(channel.isOpen()).isTrue();
			assertThat(health(child).getStatus()).isEqualTo(Status.UP);
			assertThat(health(child).getDetails()).containsEntry("child", "RUNNING");
		}
	}

}
