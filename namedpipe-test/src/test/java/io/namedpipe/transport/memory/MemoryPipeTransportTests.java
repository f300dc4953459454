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

package io.namedpipe.transport.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link MemoryPipeTransport} beyond the contract of every transport.
 */
class MemoryPipeTransportTests {

	private static final PipeClientOptions ONE_ATTEMPT = PipeClientOptions.builder()
		.connectTimeout(Duration.ZERO)
		.build();

	private final MemoryPipeTransport transport = new MemoryPipeTransport();

	@AfterEach
	void closeTransport() {
		this.transport.close();
	}

	@Test
	void serverThatAcceptsNobodyIsBusyInTheEndAndFreeAgainAfterAnAccept() {
		PipeServerChannel server = this.transport.bind(PipeAddress.of("files"), PipeServerOptions.defaults());
		List<PipeChannel> clients = new ArrayList<>();
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> {
			while (clients.size() < 10_000) {
				clients.add(this.transport.connect(server.address(), ONE_ATTEMPT));
			}
		}).withMessageContaining("files").withMessageContaining("0 ms");
		assertThat(clients).hasSizeGreaterThan(100);
		assertThat(server.accept().isOpen()).isTrue();
		assertThat(this.transport.connect(server.address(), ONE_ATTEMPT).isOpen()).isTrue();
	}

	@Test
	void closeEndsAReadAsClosedThoughThePeerAnswersByClosingToo() throws Exception {
		PipeServerChannel server = this.transport.bind(PipeAddress.of("closing"), PipeServerOptions.defaults());
		for (int i = 0; i < 2000; i++) {
			PipeChannel client = this.transport.connect(server.address(), ONE_ATTEMPT);
			PipeChannel peer = server.accept();
			CompletableFuture<Void> answered = Background.run(() -> {
				try (peer) {
					assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
				}
				return null;
			});
			CompletableFuture<Integer> read = Background.run(() -> client.read(ByteBuffer.allocate(1)));
			client.close();
			assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(read));
			Background.get(answered);
		}
	}

}
