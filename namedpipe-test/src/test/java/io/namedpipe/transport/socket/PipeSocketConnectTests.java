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

package io.namedpipe.transport.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.anonymous.PipePair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connecting a {@link PipeSocket} while other threads use it.
 */
@Timeout(60)
class PipeSocketConnectTests {

	@Test
	void oneOfTwoConnectsWinsAndTheOtherLeavesNothing() throws Exception {
		MeetingConnector connector = new MeetingConnector();
		Socket socket = new PipeSocketFactory(connector, PipeAddress.of("x"), PipeClientOptions.defaults())
			.createSocket();
		CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> connects(socket));
		CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> connects(socket));
		assertThat(first.join()).isNotEqualTo(second.join());
		assertThat(connector.pairs).hasSize(2)
			.extracting((pair) -> pair.first().isOpen())
			.containsExactlyInAnyOrder(true, false);
		socket.close();
		assertThat(connector.pairs).extracting((pair) -> pair.first().isOpen()).containsOnly(false);
	}

	private static boolean connects(Socket socket) {
		try {
			socket.connect(InetSocketAddress.createUnresolved("ignored", 1));
			return true;
		}
		catch (IOException ex) {
			assertThat(ex).hasMessage("already connected");
			return false;
		}
	}

	/**
	 * Connects when two want it.
	 */
	private static final class MeetingConnector implements PipeConnector {

		final Queue<PipePair> pairs = new ConcurrentLinkedQueue<>();

		private final CyclicBarrier both = new CyclicBarrier(2);

		@Override
		public String name() {
			return "meeting";
		}

		@Override
		public TransportCapabilities capabilities() {
			return TransportCapabilities.of();
		}

		@Override
		public boolean reaches(PipeAddress address) {
			return true;
		}

		@Override
		public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
			PipePair pair = PipePair.open();
			this.pairs.add(pair);
			try {
				this.both.await();
			}
			catch (InterruptedException | BrokenBarrierException ex) {
				throw new IllegalStateException(ex);
			}
			return pair.first();
		}

		@Override
		public void close() {
		}

	}

}
