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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeEndOfStreamException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Whole buffers, and channels as streams.
 *
 * @since 0.1.0
 */
public abstract class StreamContract extends TransportContract {

	protected StreamContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void readFullyFillsTheBufferFromSeveralWrites() throws Exception {
		Pair pair = connectedPair();
		ByteBuffer buffer = ByteBuffer.allocateDirect(10).position(1).limit(7);
		CompletableFuture<Boolean> read = async(() -> pair.server().readFully(buffer));
		pair.client().write(bytes("abc"));
		awaitBlocked("read");
		pair.client().write(bytes("defg"));
		assertThat(get(read)).isTrue();
		assertThat(buffer.position()).isEqualTo(7);
		assertThat(buffer.get(1)).isEqualTo((byte) 'a');
		assertThat(buffer.get(6)).isEqualTo((byte) 'f');
		assertThat(readText(pair.server(), 1)).isEqualTo("g");
	}

	@Test
	void readFullyOfABufferWithoutRoomReadsNothing() throws Exception {
		assertThat(connectedPair().server().readFully(ByteBuffer.allocate(0))).isTrue();
	}

	@Test
	void readFullyTellsTheEndOfTheStreamFromAStreamThatEndsTooEarly() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("abc"));
		run(pair.client()::close);
		ByteBuffer buffer = ByteBuffer.allocate(5);
		assertThatExceptionOfType(PipeEndOfStreamException.class).isThrownBy(() -> pair.server().readFully(buffer))
			.withMessageContaining("after 3 of 5 bytes");
		assertThat(buffer.position()).isEqualTo(3);
		assertThat(pair.server().readFully(buffer.clear())).isFalse();
		assertThat(buffer.position()).isZero();
	}

	@Test
	void readFullyThatTimesOutKeepsWhatHasArrived() throws Exception {
		Pair pair = connectedPair();
		// What a thread of the transport passes on may take a moment.
		pair.server().setReadTimeout(Duration.ofSeconds(1));
		pair.client().write(bytes("abc"));
		ByteBuffer buffer = ByteBuffer.allocate(5);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> pair.server().readFully(buffer));
		assertThat(buffer.position()).isEqualTo(3);
		pair.client().write(bytes("de"));
		assertThat(pair.server().readFully(buffer)).isTrue();
		assertThat(buffer.array()).asString().isEqualTo("abcde");
	}

	@Test
	void readFullyOfAClosedChannelSaysClosed() throws Exception {
		Pair pair = connectedPair();
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> pair.server().readFully(ByteBuffer.allocate(1)));
	}

	@Test
	void streamsCarryMoreThanAPipeHoldsAndEndWithTheStream() throws Exception {
		Pair pair = connectedPair();
		byte[] block = new byte[1_000_003];
		new Random(1).nextBytes(block);
		CompletableFuture<Void> write = async(() -> {
			try (OutputStream output = pair.client().outputStream()) {
				output.write(block[0]);
				output.write(block, 1, block.length - 1);
				output.flush();
			}
			return null;
		});
		ByteArrayOutputStream copy = new ByteArrayOutputStream();
		InputStream input = pair.server().inputStream();
		copy.write(input.read());
		input.transferTo(copy);
		get(write);
		assertThat(copy.toByteArray()).isEqualTo(block);
		assertThat(input.read()).isEqualTo(-1);
		assertThat(input.read(new byte[10])).isEqualTo(-1);
	}

	@Test
	void streamsAndBuffersCanBeMixed() throws Exception {
		Pair pair = connectedPair();
		InputStream input = pair.server().inputStream();
		OutputStream output = pair.client().outputStream();
		output.write(bytes("one ").array());
		pair.client().write(bytes("two"));
		assertThat(input.readNBytes(4)).asString().isEqualTo("one ");
		assertThat(readText(pair.server(), 3)).isEqualTo("two");
	}

	@Test
	void streamReadsBytesAsNumbersWithoutASign() throws Exception {
		Pair pair = connectedPair();
		pair.client().outputStream().write(0x1ff);
		assertThat(pair.server().inputStream().read()).isEqualTo(0xff);
	}

	@Test
	void streamsDoNothingForNoBytes() throws Exception {
		Pair pair = connectedPair();
		pair.client().outputStream().write(new byte[0]);
		assertThat(pair.server().inputStream().read(new byte[0])).isZero();
		pair.client().outputStream().write('x');
		assertThat(readText(pair.server(), 1)).isEqualTo("x");
	}

	@Test
	void streamsRefuseBytesOutsideTheArray() throws Exception {
		Pair pair = connectedPair();
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> pair.client().outputStream().write(new byte[2], 1, 2));
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> pair.client().inputStream().read(new byte[2], -1, 1));
	}

	@Test
	void closingAStreamClosesItsChannel() throws Exception {
		Pair first = connectedPair();
		first.client().inputStream().close();
		assertThat(first.client().isOpen()).isFalse();
		assertThat(first.server().inputStream().read()).isEqualTo(-1);
		Pair second = connectedPair();
		OutputStream output = second.client().outputStream();
		output.close();
		output.close();
		assertThat(second.client().isOpen()).isFalse();
	}

	@Test
	void streamsReportWhatThePipeReports() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(Duration.ofMillis(60));
		assertThatIOException().isThrownBy(pair.server().inputStream()::read)
			.withMessageContaining("60 ms")
			.withCauseInstanceOf(PipeTimeoutException.class);
		pair.client().close();
		assertThatIOException().isThrownBy(pair.client().inputStream()::read)
			.withCauseInstanceOf(PipeClosedException.class);
		assertThatIOException().isThrownBy(() -> pair.client().outputStream().write(1))
			.withCauseInstanceOf(PipeClosedException.class);
		assertThatIOException().isThrownBy(() -> writeForEver(pair.server().outputStream()))
			.withCauseInstanceOf(PipeResetException.class);
	}

	private static void writeForEver(OutputStream output) throws IOException {
		byte[] block = new byte[100_000];
		while (true) {
			output.write(block);
		}
	}

}
