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

package io.namedpipe.transport.windows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Closing under load: nothing hangs.
 */
@OnWindows
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingStressTests extends TransportContract {

	private static final int CLOSE_ROUNDS = 500;

	private static final int MEGABYTES = 100;

	ClosingStressTests() {
		super(new WindowsPipeTransport());
	}

	@Test
	void closeAgainstPendingAcceptReadWriteAndConnectNeverHangs() throws Exception {
		Random random = new Random(4);
		PipeServerOptions one = PipeServerOptions.builder()
			.instances(1)
			.maxInstances(1)
			.linger(Duration.ofMillis(5))
			.build();
		for (int round = 0; round < CLOSE_ROUNDS; round++) {
			PipeAddress address = uniqueAddress();
			PipeServerChannel server = this.transport.bind(address, one);
			PipeChannel client = this.transport.connect(address, PipeClientOptions.defaults());
			PipeChannel accepted = server.accept();
			accepted.write(bytes("unread"));
			List<CompletableFuture<Boolean>> pending = new ArrayList<>();
			pending.add(endsInOneWayOrAnother(() -> {
				server.accept().close();
				return null;
			}));
			pending.add(endsInOneWayOrAnother(() -> readOne(accepted)));
			pending.add(endsInOneWayOrAnother(() -> {
				writeForEver(client);
				return null;
			}));
			pending.add(endsInOneWayOrAnother(() -> {
				this.transport
					.connect(address, PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(1)).build())
					.close();
				return null;
			}));
			List<AutoCloseable> closing = new ArrayList<>(List.of(server, accepted, client));
			Collections.shuffle(closing, random);
			if (round % 2 == 0) {
				awaitBlocked("accept");
			}
			for (AutoCloseable each : closing) {
				pending.add(endsInOneWayOrAnother(() -> {
					each.close();
					return null;
				}));
			}
			for (CompletableFuture<Boolean> each : pending) {
				assertThat(get(each)).as("round %d", round).isTrue();
			}
			assertThat(server.isOpen() || accepted.isOpen() || client.isOpen()).isFalse();
		}
	}

	private CompletableFuture<Boolean> endsInOneWayOrAnother(Callable<?> body) {
		return async(() -> {
			try {
				body.call();
			}
			catch (PipeException ex) {
				// Closed, reset, busy and not found all end the operation.
			}
			return true;
		});
	}

	@Test
	void hundredMegabytesEachWayAtOnceArriveWhole() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Boolean> up = async(() -> send(pair.client(), 1));
		CompletableFuture<Boolean> down = async(() -> send(pair.server(), 2));
		CompletableFuture<Boolean> upTaken = async(() -> take(pair.server(), 1));
		CompletableFuture<Boolean> downTaken = async(() -> take(pair.client(), 2));
		for (CompletableFuture<Boolean> each : List.of(upTaken, downTaken, up, down)) {
			assertThat(each.get(240, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static boolean send(PipeChannel channel, long seed) {
		byte[] block = new byte[1024 * 1024];
		Random random = new Random(seed);
		for (int i = 0; i < MEGABYTES; i++) {
			random.nextBytes(block);
			channel.write(ByteBuffer.wrap(block));
		}
		return true;
	}

	private static boolean take(PipeChannel channel, long seed) {
		byte[] expected = new byte[1024 * 1024];
		Random random = new Random(seed);
		ByteBuffer actual = ByteBuffer.allocate(expected.length);
		for (int i = 0; i < MEGABYTES; i++) {
			if (!channel.readFully(actual.clear())) {
				return false;
			}
			random.nextBytes(expected);
			if (!actual.flip().equals(ByteBuffer.wrap(expected))) {
				return false;
			}
		}
		return true;
	}

	@Test
	void clientThatNeverReadsCannotHoldUpACloseForLongerThanTheLinger() {
		PipeServerOptions options = PipeServerOptions.builder().maxInstances(1).linger(Duration.ofMillis(100)).build();
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(), options));
		PipeChannel hostile = connect(server.address());
		PipeChannel accepted = track(server.accept());
		accepted.write(bytes("never read"));
		long start = System.nanoTime();
		accepted.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(90),
				Duration.ofSeconds(10));
		// The only instance is free for another client.
		PipeChannel next = connect(server.address());
		next.write(bytes("next"));
		assertThat(readText(track(server.accept()), 4)).isEqualTo("next");
		assertThat(readOne(hostile)).isEqualTo(-1);
	}

	@Test
	void clientThatReadsInTimeLosesNothingOnAnInstanceThatIsUsedAgain() throws Exception {
		PipeServerOptions options = PipeServerOptions.builder().maxInstances(1).linger(Duration.ofSeconds(20)).build();
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(), options));
		PipeChannel client = connect(server.address());
		PipeChannel accepted = track(server.accept());
		accepted.write(bytes("last words"));
		CompletableFuture<Boolean> close = endsInOneWayOrAnother(() -> {
			accepted.close();
			return null;
		});
		assertThat(readText(client, 10)).isEqualTo("last words");
		assertThat(get(close)).isTrue();
		assertThat(readOne(client)).isEqualTo(-1);
	}

	@Test
	void greatestNumberOfInstancesIsBusyUntilOneLeavesAndShowsNothingOfTheFormerClient() {
		PipeServerOptions options = PipeServerOptions.builder().maxInstances(1).build();
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(), options));
		PipeChannel first = connect(server.address());
		PipeChannel accepted = track(server.accept());
		first.write(bytes("of the former client"));
		PipeClientOptions hasty = PipeClientOptions.builder().connectTimeout(Duration.ofMillis(50)).build();
		assertThatExceptionOfType(PipeBusyException.class)
			.isThrownBy(() -> this.transport.connect(server.address(), hasty))
			.withMessageContaining("50 ms");
		accepted.close();
		PipeChannel second = connect(server.address());
		second.write(bytes("second"));
		assertThat(readText(track(server.accept()), 6)).isEqualTo("second");
	}

}
