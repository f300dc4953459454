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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import io.namedpipe.testing.OpenFiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Ten thousand clients, counted. Alone in its JVM, since all tests share file descriptors
 * and threads.
 */
@Isolated
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts file descriptors in /proc")
class ContainerLoadTests {

	@Test
	void clientsThatConnectAndLeaveCostNothingInTheEnd() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger(PipeConnection.class);
		logger.setLevel(Level.WARN);
		try (ContainerFixture fixture = new ContainerFixture("unix")) {
			PipeListenerContainer container = fixture.start(ContainerFixture.ECHO);
			connectAndLeave(fixture, 200);
			await().until(() -> container.activeConnections() == 0);
			// Up to eight channels to the listening socket are made as they are needed.
			long files = OpenFiles.count() + 8;
			int threads = fixture.threads().size();
			connectAndLeave(fixture, 10_000);
			await().until(() -> container.activeConnections() == 0);
			await().untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(files + OpenFiles.JVM_FILES));
			// Some sixteen threads are kept for the next burst, whatever their number
			// was.
			await().untilAsserted(() -> assertThat(fixture.threads()).hasSizeLessThanOrEqualTo(Math.max(threads, 20)));
			assertThat(fixture.ask("hello")).isEqualTo("echo hello");
		}
		finally {
			logger.setLevel(null);
		}
	}

	private static void connectAndLeave(ContainerFixture fixture, int times) {
		for (int i = 0; i < times; i++) {
			fixture.connectAndLeave();
		}
		// Served after those before it have been accepted.
		assertThat(fixture.ask("last")).isEqualTo("echo last");
	}

}
