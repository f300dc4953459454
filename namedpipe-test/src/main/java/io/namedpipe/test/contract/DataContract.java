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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Bytes arrive as they were written.
 *
 * @since 0.1.0
 */
public abstract class DataContract extends TransportContract {

	protected DataContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void bytesGoBothWays() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("ping"));
		assertThat(readText(pair.server(), 4)).isEqualTo("ping");
		pair.server().write(bytes("pong!"));
		assertThat(readText(pair.client(), 5)).isEqualTo("pong!");
	}

	@Test
	void directAndHeapBuffersWorkAndPositionsMove() throws Exception {
		Pair pair = connectedPair();
		ByteBuffer source = ByteBuffer.allocateDirect(8).put(bytes("xxdirect".substring(0, 8))).flip().position(2);
		pair.client().write(source);
		assertThat(source.hasRemaining()).isFalse();
		ByteBuffer destination = ByteBuffer.allocateDirect(10).position(1).limit(7);
		assertThat(pair.server().readFully(destination)).isTrue();
		assertThat(destination.position()).isEqualTo(7);
		assertThat(destination.get(1)).isEqualTo((byte) 'd');
	}

	@Test
	void readOfMoreThanIsThereReturnsWhatIsThere() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("abc"));
		assertThat(pair.server().read(ByteBuffer.allocate(100))).isEqualTo(3);
	}

	@Test
	void readIntoABufferWithoutRoomReadsNothing() throws Exception {
		Pair pair = connectedPair();
		assertThat(pair.server().read(ByteBuffer.allocate(0))).isZero();
	}

	@Test
	void oneByteReadsDeliverEverything() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("hello"));
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 5; i++) {
			text.append(readText(pair.server(), 1));
		}
		assertThat(text).hasToString("hello");
	}

	@Test
	void peerCloseIsTheEndOfTheStreamOnTheServer() throws Exception {
		Pair pair = connectedPair();
		pair.client().close();
		assertThat(readOne(pair.server())).isEqualTo(-1);
		assertThat(readOne(pair.server())).isEqualTo(-1);
	}

	@Test
	void peerCloseIsTheEndOfTheStreamOnTheClient() throws Exception {
		Pair pair = connectedPair();
		pair.server().close();
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void peerCloseEndsAPendingRead() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Integer> read = async(() -> readOne(pair.server()));
		awaitBlocked("read");
		pair.client().close();
		assertThat(get(read)).isEqualTo(-1);
	}

	@Test
	void peerThatLeftWithoutReadingIsTheEndOfTheStream() throws Exception {
		Pair pair = connectedPair();
		pair.server().write(bytes("never read"));
		pair.client().close();
		assertThat(readOne(pair.server())).isEqualTo(-1);
	}

	@Test
	void writeToAPeerThatLeftFailsAsReset() throws Exception {
		Pair pair = connectedPair();
		pair.client().close();
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> writeForEver(pair.server()));
	}

	@Test
	void peerThatLeavesEndsAPendingWriteAsReset() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Void> write = run(() -> writeForEver(pair.server()));
		awaitBlocked("write");
		pair.client().close();
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> get(write));
	}

	@Test
	void bytesWrittenBeforeACloseStayReadable() throws Exception {
		Pair pair = connectedPair();
		pair.server().write(bytes("last words"));
		CompletableFuture<Void> close = run(pair.server()::close);
		assertThat(readText(pair.client(), 10)).isEqualTo("last words");
		get(close);
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void emptyWriteIsNothingAndNotTheEnd() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(ByteBuffer.allocate(0));
		pair.client().write(bytes("a"));
		assertThat(readText(pair.server(), 1)).isEqualTo("a");
	}

	@Test
	void simultaneousBulkBothWaysArrivesWholeAndNeverDeadlocks() throws Exception {
		Pair pair = connectedPair();
		int size = 8 * 1024 * 1024;
		CompletableFuture<Long> clientSends = async(() -> send(pair.client(), size, 1));
		CompletableFuture<Long> serverSends = async(() -> send(pair.server(), size, 2));
		CompletableFuture<Long> clientTakes = async(() -> take(pair.client(), size));
		CompletableFuture<Long> serverTakes = async(() -> take(pair.server(), size));
		assertThat(get(serverTakes)).isEqualTo(get(clientSends));
		assertThat(get(clientTakes)).isEqualTo(get(serverSends));
	}

	@Test
	void readThatWaitsDoesNotHinderAWrite() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<String> read = async(() -> readText(pair.client(), 2));
		awaitBlocked("read");
		pair.client().write(bytes("go"));
		assertThat(readText(pair.server(), 2)).isEqualTo("go");
		pair.server().write(bytes("ok"));
		assertThat(get(read)).isEqualTo("ok");
	}

	@Test
	void halfCloseEndsOneDirectionAndLeavesTheOther() throws Exception {
		Pair pair = halfClosingPair();
		pair.client().write(bytes("question"));
		CompletableFuture<Void> shut = run(pair.client()::shutdownOutput);
		assertThat(readText(pair.server(), 8)).isEqualTo("question");
		assertThat(readOne(pair.server())).isEqualTo(-1);
		assertThat(readOne(pair.server())).isEqualTo(-1);
		get(shut);
		pair.server().write(bytes("answer"));
		assertThat(readText(pair.client(), 6)).isEqualTo("answer");
	}

	@Test
	void writeAfterHalfCloseFailsAsClosed() throws Exception {
		Pair pair = halfClosingPair();
		pair.client().shutdownOutput();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> pair.client().write(bytes("more")));
	}

	/**
	 * A pair on which one direction can be ended, which is any pair but a byte-mode pipe
	 * of Windows.
	 * @return the pair
	 * @throws Exception if the two ends cannot be connected
	 */
	protected Pair halfClosingPair() throws Exception {
		return connectedPair();
	}

	private static long send(PipeChannel channel, int size, long seed) {
		Random random = new Random(seed);
		CRC32 crc = new CRC32();
		byte[] block = new byte[10_000];
		for (int left = size; left > 0; left -= block.length) {
			random.nextBytes(block);
			int length = Math.min(left, block.length);
			crc.update(block, 0, length);
			channel.write(ByteBuffer.wrap(block, 0, length));
		}
		return crc.getValue();
	}

	private static long take(PipeChannel channel, int size) {
		CRC32 crc = new CRC32();
		ByteBuffer buffer = ByteBuffer.allocateDirect(37_000);
		for (int left = size; left > 0; left -= buffer.limit()) {
			buffer.clear().limit(Math.min(left, buffer.capacity()));
			channel.readFully(buffer);
			crc.update(buffer.flip());
		}
		return crc.getValue();
	}

}
