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
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * More clients than the limits allow.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class ContainerLimitsTests {

	private final ContainerFixture fixture;

	ContainerLimitsTests(String transport) {
		this.fixture = new ContainerFixture(transport);
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@Test
	void clientsBeyondTheLimitOfConnectionsWaitAndAreServedThen() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start((settings) -> settings.maxConnections(2), gate);
		List<CompletableFuture<String>> replies = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			replies.add(Background.run(() -> this.fixture.ask("wait")));
		}
		gate.awaitEntered(2);
		PipeChannel third = this.fixture.connect();
		CompletableFuture<String> greeting = Background.run(() -> Pipes.readFrame(third));
		assertThat(container.activeConnections()).isEqualTo(2);
		assertThat(greeting).isNotDone();
		gate.open();
		assertThat(Background.get(greeting)).isEqualTo(ContainerFixture.GREETING);
		third.write(Pipes.frame("third"));
		assertThat(Pipes.readFrame(third)).isEqualTo("done third");
		for (CompletableFuture<String> reply : replies) {
			assertThat(Background.get(reply)).isEqualTo("done wait");
		}
	}

	@Test
	void noMoreConnectionsThanTheLimitAreServedAtOnce() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start((settings) -> settings.maxConnections(3), gate);
		List<CompletableFuture<String>> replies = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			replies.add(Background.run(() -> this.fixture.ask("wait")));
		}
		gate.awaitEntered(3);
		for (int i = 0; i < 5; i++) {
			replies.add(Background.run(() -> this.fixture.ask("x")));
		}
		// That the limit is reached is said when the clients beyond it are there.
		await().untilAsserted(() -> assertThat(this.fixture.log.lines())
			.anyMatch((line) -> line.contains("all 3 connections are in use")));
		assertThat(container.activeConnections()).isEqualTo(3);
		assertThat(gate.isEntered()).isFalse();
		gate.open();
		for (CompletableFuture<String> reply : replies) {
			assertThat(Background.get(reply)).startsWith("done ");
		}
	}

	@Test
	void manyClientsAtOnceAreAllServedAndTheirThreadsGoAway() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start(gate);
		List<CompletableFuture<String>> replies = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			replies.add(Background.run(() -> this.fixture.ask("wait")));
		}
		gate.awaitEntered(64);
		assertThat(container.activeConnections()).isEqualTo(64);
		gate.open();
		for (CompletableFuture<String> reply : replies) {
			assertThat(Background.get(reply)).isEqualTo("done wait");
		}
		await().untilAsserted(() -> assertThat(container.activeConnections()).isZero());
		// Some wait for the next burst, and the threads of deadlines and the supervisor
		// stay.
		await().untilAsserted(() -> assertThat(this.fixture.threads()).hasSizeLessThanOrEqualTo(20));
		assertThat(this.fixture.ask("again")).isEqualTo("done again");
	}

	@Test
	void requestBeyondTheLimitOfRequestsIsRefusedAsBusy() throws Exception {
		Gate gate = new Gate();
		this.fixture.start((settings) -> settings.maxConcurrentRequests(1), gate);
		CompletableFuture<String> first = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		assertThat(this.fixture.ask("second")).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.startsWith("WARN Pipe '%s': request of ".formatted(this.fixture.id))
			.endsWith(" refused, BUSY: the server already handles 1 requests; try again later");
		gate.open();
		assertThat(Background.get(first)).isEqualTo("done wait");
		// The client has its reply a moment before the server has its slot back.
		await().until(() -> "done third".equals(this.fixture.ask("third")));
	}

}
