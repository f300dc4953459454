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

package io.namedpipe.transport.unix;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stop behind Samba waits for the same requests as on every other transport.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the listener behind Samba is for Linux")
class SambaStopTests {

	@TempDir
	private Path directory;

	@Test
	void stopTakesAsLongAsTheRunningRequestWhateverIsSilent() throws Exception {
		PipeAddress address = Pipes.uniqueAddress();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch opened = new CountDownLatch(1);
		List<PipeChannel> silent = new ArrayList<>();
		try (SambaTransport transport = new SambaTransport(this.directory)) {
			PipeListenerContainer container = new PipeListenerContainerFactory(List.of(transport), List.of())
				.create(PipeContainerSettings.of("samba", address, new HttpProtocol())
					.maxConnections(101)
					.maxConnectionsPerUser(101)
					.reservedConnections(0)
					.gracePeriod(Duration.ofSeconds(20))
					.build(), (exchange) -> {
						entered.countDown();
						opened.await();
						exchange.reply(PipeReply.empty());
					});
			container.start();
			for (int i = 0; i < 100; i++) {
				silent.add(transport.connect(address, PipeClientOptions.defaults()));
			}
			PipeChannel asking = transport.connect(address, PipeClientOptions.defaults());
			asking.write(StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
			assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
			await().until(() -> container.activeConnections() == 101);
			AtomicBoolean stopped = new AtomicBoolean();
			container.stop(() -> stopped.set(true));
			silent.forEach((client) -> assertThat(client.read(ByteBuffer.allocate(1))).isNegative());
			assertThat(stopped).isFalse();
			opened.countDown();
			assertThat(asking.read(ByteBuffer.allocate(1))).isEqualTo(1);
			await().untilTrue(stopped);
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
			asking.close();
		}
		finally {
			opened.countDown();
			silent.forEach(PipeChannel::close);
		}
	}

}
