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
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages of every size keep their boundaries.
 */
@OnWindows
class MessageModeTests extends TransportContract {

	private static final PipeClientOptions MESSAGES = PipeClientOptions.builder().mode(PipeMode.MESSAGE).build();

	MessageModeTests() {
		super(new WindowsPipeTransport());
	}

	private Pair messagePair(PipeServerOptions.Builder options) {
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(), options.mode(PipeMode.MESSAGE).build()));
		PipeChannel client = track(this.transport.connect(server.address(), MESSAGES));
		return pair(client, track(server.accept()));
	}

	private static String text(ByteBuffer message) {
		return StandardCharsets.UTF_8.decode(message).toString();
	}

	@Test
	void messagesAreKeptApart() {
		Pair pair = messagePair(PipeServerOptions.builder());
		pair.client().write(bytes("one"));
		pair.client().write(bytes("two two"));
		pair.client().write(bytes("3"));
		assertThat(text(pair.server().readMessage())).isEqualTo("one");
		assertThat(text(pair.server().readMessage())).isEqualTo("two two");
		assertThat(text(pair.server().readMessage())).isEqualTo("3");
		pair.server().write(bytes("back"));
		assertThat(text(pair.client().readMessage())).isEqualTo("back");
	}

	@Test
	void writesAreMergedInByteMode() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("one"));
		pair.client().write(bytes("two"));
		ByteBuffer buffer = ByteBuffer.allocate(100);
		assertThat(pair.server().read(buffer)).isEqualTo(6);
		assertThat(text(buffer.flip())).isEqualTo("onetwo");
	}

	@Test
	void bigMessageGoesWholeThroughSmallBuffers() throws Exception {
		Pair pair = messagePair(PipeServerOptions.builder().inBufferSize(4096).outBufferSize(4096));
		byte[] message = new byte[1024 * 1024];
		new Random(1).nextBytes(message);
		CompletableFuture<Boolean> write = async(() -> {
			pair.client().write(ByteBuffer.wrap(message));
			return true;
		});
		assertThat(pair.server().readMessage()).isEqualTo(ByteBuffer.wrap(message));
		assertThat(get(write)).isTrue();
		CompletableFuture<Boolean> reply = async(() -> {
			pair.server().write(ByteBuffer.wrap(message));
			return true;
		});
		assertThat(pair.client().readMessage()).isEqualTo(ByteBuffer.wrap(message));
		assertThat(get(reply)).isTrue();
	}

	@Test
	void messageOfTheLimitIsReadAndOneOverItClosesTheConnection() {
		Pair pair = messagePair(PipeServerOptions.builder().maxMessageSize(1000));
		pair.client().write(ByteBuffer.allocate(1000));
		assertThat(pair.server().readMessage().remaining()).isEqualTo(1000);
		pair.client().write(ByteBuffer.allocate(1001));
		assertThatExceptionOfType(PipeMessageTooLargeException.class).isThrownBy(pair.server()::readMessage)
			.withMessageContaining("1000");
		assertThat(pair.server().isOpen()).isFalse();
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void messageOverTheLimitThatComesInPartsClosesTheConnectionToo() throws Exception {
		Pair pair = messagePair(PipeServerOptions.builder().maxMessageSize(200_000));
		CompletableFuture<Boolean> write = async(() -> {
			pair.client().write(ByteBuffer.allocate(300_000));
			return true;
		});
		assertThatExceptionOfType(PipeMessageTooLargeException.class).isThrownBy(pair.server()::readMessage);
		// The write must end, whether the message was read or not.
		assertThat(write.handle((done, failure) -> true).get()).isTrue();
	}

	@Test
	void readTakesAMessageInParts() {
		Pair pair = messagePair(PipeServerOptions.builder());
		pair.client().write(bytes("abcde"));
		pair.client().write(bytes("f"));
		ByteBuffer buffer = ByteBuffer.allocate(2);
		assertThat(pair.server().read(buffer)).isEqualTo(2);
		assertThat(pair.server().read(buffer.clear())).isEqualTo(2);
		assertThat(pair.server().read(buffer.clear())).isEqualTo(1);
		assertThat(pair.server().read(buffer.clear())).isEqualTo(1);
		assertThat((char) buffer.get(0)).isEqualTo('f');
	}

	@Test
	void messageWithoutBytesIsTheEndAndNothingComesAfterIt() throws Exception {
		Pair pair = messagePair(PipeServerOptions.builder());
		pair.client().write(bytes("last"));
		pair.client().shutdownOutput();
		assertThat(text(pair.server().readMessage())).isEqualTo("last");
		assertThat(pair.server().readMessage()).isNull();
		assertThat(pair.server().readMessage()).isNull();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> pair.client().write(bytes("x")));
		pair.server().write(bytes("still"));
		assertThat(text(pair.client().readMessage())).isEqualTo("still");
	}

	@Test
	void byteReaderOfAMessagePipeHasAHalfClose() throws Exception {
		PipeServerChannel server = track(
				this.transport.bind(uniqueAddress(), PipeServerOptions.builder().mode(PipeMode.MESSAGE).build()));
		Pair pair = pair(server);
		pair.client().write(bytes("bytes"));
		pair.client().shutdownOutput();
		assertThat(readText(pair.server(), 5)).isEqualTo("bytes");
		assertThat(readOne(pair.server())).isEqualTo(-1);
		pair.server().write(bytes("a"));
		pair.server().write(bytes("b"));
		pair.server().shutdownOutput();
		assertThat(readText(pair.client(), 2)).isEqualTo("ab");
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void bytePipeHasNoMessagesAndNoHalfClose() throws Exception {
		Pair pair = connectedPair();
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(pair.server()::readMessage);
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(pair.client()::shutdownOutput)
			.withMessageContaining("message mode");
	}

	@Test
	void messageClientIsRefusedByAByteServer() {
		PipeServerChannel server = bind(uniqueAddress());
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> this.transport.connect(server.address(), MESSAGES))
			.withMessageContaining("byte mode");
	}

}
