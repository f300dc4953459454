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
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Time-outs end an operation, and leave the connection usable.
 *
 * @since 0.1.0
 */
public abstract class TimeoutContract extends TransportContract {

	private static final Duration SHORT = Duration.ofMillis(60);

	protected TimeoutContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void readThatFindsNothingTimesOut() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(SHORT);
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> readOne(pair.server()))
			.withMessageContaining("60 ms");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.minusMillis(5),
				Duration.ofSeconds(PATIENCE_SECONDS));
	}

	@Test
	void writeToAPeerThatNeverReadsTimesOut() throws Exception {
		Pair pair = connectedPair();
		pair.server().setWriteTimeout(SHORT);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> writeForEver(pair.server()));
	}

	@Test
	void connectionIsUsableAfterATimeoutAndTheOldBufferIsNotTouched() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(SHORT);
		ByteBuffer old = ByteBuffer.allocate(8);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> pair.server().read(old));
		pair.client().write(bytes("late"));
		pair.server().setReadTimeout(Duration.ofSeconds(10));
		assertThat(readText(pair.server(), 4)).isEqualTo("late");
		assertThat(old.position()).isZero();
		assertThat(old.array()).containsOnly(0);
	}

	@Test
	void dataInTimeIsReadWithoutWaiting() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(Duration.ofMinutes(5));
		pair.client().write(bytes("now"));
		assertThat(readText(pair.server(), 3)).isEqualTo("now");
	}

	@Test
	void timeoutMayBeLongerThanAnyWait() throws Exception {
		Pair pair = connectedPair();
		Duration timeout = Duration.ofSeconds(Long.MAX_VALUE);
		pair.server().setReadTimeout(timeout);
		pair.client().setWriteTimeout(timeout);
		CompletableFuture<String> read = async(() -> readText(pair.server(), 5));
		awaitBlocked("read");
		pair.client().write(bytes("later"));
		assertThat(get(read)).isEqualTo("later");
	}

	@Test
	void timeoutOfZeroMeansNone() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(SHORT);
		pair.server().setReadTimeout(Duration.ZERO);
		var read = async(() -> readText(pair.server(), 1));
		awaitBlocked("read");
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> read.copy().get(SHORT.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS));
		pair.client().write(bytes("!"));
		assertThat(get(read)).isEqualTo("!");
	}

	@Test
	void readTimeoutDoesNotLimitAWrite() throws Exception {
		Pair pair = connectedPair();
		pair.client().setReadTimeout(SHORT);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> readOne(pair.client()));
		pair.client().write(bytes("w"));
		assertThat(readText(pair.server(), 1)).isEqualTo("w");
	}

	// Windows does not tell a writer that the peer has read before all is read that waits
	// in the pipe: that takes a third of the time-out here.
	@Test
	void writeThatThePeerTakesSlowlyIsNotCut() throws Exception {
		Pair pair = connectedPair();
		Duration timeout = Duration.ofSeconds(2);
		int size = 1536 * 1024;
		pair.server().setWriteTimeout(timeout);
		long start = System.nanoTime();
		var write = async(() -> {
			pair.server().write(ByteBuffer.allocate(size));
			return Duration.ofNanos(System.nanoTime() - start);
		});
		ByteBuffer part = ByteBuffer.allocate(16 * 1024);
		for (int total = 0; total < size; total += part.position()) {
			pair.client().read(part.clear());
			TimeUnit.MILLISECONDS.sleep(40);
		}
		assertThat(get(write)).isGreaterThan(timeout);
	}

	@Test
	void bigWriteWithATimeoutArrivesWhole() throws Exception {
		Pair pair = connectedPair();
		pair.client().setWriteTimeout(Duration.ofSeconds(20));
		byte[] block = new byte[1024 * 1024];
		block[block.length - 1] = 7;
		var write = async(() -> {
			pair.client().write(ByteBuffer.wrap(block));
			return true;
		});
		ByteBuffer read = ByteBuffer.allocate(block.length);
		assertThat(pair.server().readFully(read)).isTrue();
		assertThat(get(write)).isTrue();
		assertThat(read.get(block.length - 1)).isEqualTo((byte) 7);
	}

}
