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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections on virtual threads, and on platform threads.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class VirtualThreadsTests {

	private static final ContainerFixture.Handler THREAD = (context) -> {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		return PipeReply.of(group.getName() + " " + Thread.currentThread().isDaemon());
	};

	private final String transport;

	VirtualThreadsTests(String transport) {
		this.transport = transport;
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
	void connectionsAreServedOnVirtualThreadsIfAskedFor() throws Exception {
		try (ContainerFixture fixture = new ContainerFixture(this.transport)) {
			PipeListenerContainer container = fixture.start((settings) -> settings.virtualThreads(true), THREAD);
			List<CompletableFuture<String>> replies = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				replies.add(Background.run(() -> fixture.ask("x")));
			}
			for (CompletableFuture<String> reply : replies) {
				assertThat(Background.get(reply)).isEqualTo("VirtualThreads true");
			}
			assertThat(fixture.threads()).as("keeps the JVM alive").anyMatch((thread) -> !thread.isDaemon());
			ContainerFixture.stop(container);
			await().untilAsserted(() -> assertThat(fixture.threads()).isEmpty());
		}
	}

	@Test
	void connectionsAreServedOnPlatformThreadsByDefault() throws Exception {
		try (ContainerFixture fixture = new ContainerFixture(this.transport)) {
			fixture.start(THREAD);
			assertThat(fixture.ask("x")).doesNotStartWith("VirtualThreads");
			assertThat(fixture.threads()).as("keeps the JVM alive").anyMatch((thread) -> !thread.isDaemon());
		}
	}

}
