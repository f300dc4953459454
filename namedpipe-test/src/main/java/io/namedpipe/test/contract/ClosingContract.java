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

package io.namedpipe.test.contract;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Closing is a state: it ends what is under way, and never hangs.
 *
 * @since 0.1.0
 */
public abstract class ClosingContract extends TransportContract {

	private static final int RACE_ROUNDS = 100;

	protected ClosingContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void closeEndsAPendingAccept() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<PipeChannel> accept = async(server::accept);
		awaitBlocked("accept");
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(accept));
	}

	@Test
	void closeEndsEveryPendingAccept() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<PipeChannel> first = async(server::accept);
		CompletableFuture<PipeChannel> second = async(server::accept);
		awaitBlocked("accept");
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(first));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(second));
	}

	@Test
	void peerThatHasLeftIsKnownToBeGone() throws Exception {
		Pair pair = connectedPair();
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().write(bytes("xy"));
		assertThat(pair.server().isPeerGone()).isFalse();
		assertThat(readText(pair.server(), 2)).isEqualTo("xy");
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().close();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (!pair.server().isPeerGone()) {
			assertThat(System.nanoTime()).as("the peer is found to be gone in time").isLessThan(end);
			Thread.onSpinWait();
		}
		assertThat(readOne(pair.server())).isEqualTo(-1);
	}

	@Test
	void closeEndsAPendingReadAsClosed() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Integer> read = async(() -> readOne(pair.server()));
		awaitBlocked("read");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(read));
	}

	@Test
	void closeEndsAPendingTimedReadAsClosedAndNotAsTimedOut() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(Duration.ofMinutes(5));
		CompletableFuture<Integer> read = async(() -> readOne(pair.server()));
		awaitBlocked("read");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(read));
	}

	@Test
	void closeEndsAPendingWriteAsClosed() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Void> write = async(() -> {
			writeForEver(pair.server());
			return null;
		});
		awaitBlocked("write");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(write));
	}

	@Test
	void connectionsOutliveTheirTransport() throws Exception {
		Pair pair = connectedPair();
		this.transport.close();
		pair.server().write(bytes("reply"));
		pair.server().close();
		assertThat(readText(pair.client(), 5)).isEqualTo("reply");
		assertThat(readOne(pair.client())).isEqualTo(-1);
		pair.client().close();
		this.transport.close();
	}

	@Test
	void closingTwiceIsClosingOnce() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		Pair pair = pair(server);
		pair.server().close();
		pair.server().close();
		server.close();
		server.close();
		assertThat(pair.server().isOpen()).isFalse();
		assertThat(pair.client().isOpen()).isTrue();
	}

	@Test
	void closedChannelSaysSoToEveryCall() throws Exception {
		PipeChannel channel = connectedPair().client();
		channel.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> readOne(channel));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> channel.write(bytes("x")));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(channel::shutdownOutput);
	}

	@Test
	void closeRacingWithAcceptConnectReadAndWriteNeverHangs() throws Exception {
		for (int round = 0; round < RACE_ROUNDS; round++) {
			PipeAddress address = uniqueAddress();
			PipeServerChannel server = bind(address);
			CompletableFuture<Void> serving = async(() -> {
				try (PipeChannel channel = server.accept()) {
					ByteBuffer buffer = ByteBuffer.allocate(16);
					while (channel.read(buffer.clear()) >= 0) {
						channel.write(buffer.flip());
					}
				}
				catch (PipeException ex) {
					// Whichever comes first ends the round.
				}
				return null;
			});
			CompletableFuture<Boolean> calling = async(() -> {
				try (PipeChannel channel = this.transport.connect(address, PipeClientOptions.defaults())) {
					channel.write(bytes("x"));
					return readText(channel, 1).equals("x");
				}
				catch (PipeException ex) {
					// Whichever comes first ends the round.
					return false;
				}
			});
			if (round % 3 == 0) {
				Thread.onSpinWait();
			}
			else if (round % 3 == 1) {
				assertThat(get(calling)).as("the client is served as long as nothing is closed").isTrue();
			}
			server.close();
			get(calling);
			get(serving);
		}
	}

}
