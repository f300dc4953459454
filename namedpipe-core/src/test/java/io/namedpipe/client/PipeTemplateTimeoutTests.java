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

package io.namedpipe.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Servers that are too slow, or only slow.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class PipeTemplateTimeoutTests extends ScriptedServer {

	PipeTemplateTimeoutTests(String transport) {
		super(transport);
	}

	private PipeTemplate template(Duration requestTimeout) {
		return builder().requestTimeout(requestTimeout).build();
	}

	// The server is a thread of this test, which may have to wait for a processor.
	private PipeTemplateBuilder builder() {
		return PipeTemplate.builder(this.transport)
			.address(this.address)
			.options(PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(30)).build());
	}

	@Test
	void serverThatNeverRepliesIsTimedOut() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> client.write(Pipes.frame(GREETING)));
		assertTimedOut(() -> template(Duration.ofMillis(150)).requestFile("x"));
		Background.get(served);
	}

	@Test
	void serverThatRepliesSlowlyIsNotCutWhileItMakesProgress() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			client.write(Pipes.frame(GREETING));
			ByteBuffer reply = Pipes.frame("slow reply");
			while (reply.hasRemaining()) {
				await().pollDelay(Duration.ofMillis(160)).until(() -> true);
				client.write(reply.slice(reply.position(), 2));
				reply.position(reply.position() + 2);
			}
		});
		// Eleven steps, which together take longer than the time limit.
		assertThat(template(Duration.ofMillis(1500)).requestFile("x")).isEqualTo("slow reply");
		Background.get(served);
	}

	@Test
	void callbackThatMakesProgressIsNotCut() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			for (int i = 0; i < 8; i++) {
				await().pollDelay(Duration.ofMillis(220)).until(() -> true);
				client.write(Pipes.bytes(i));
			}
		});
		byte[] read = template(Duration.ofMillis(1500)).execute((channel) -> {
			ByteBuffer buffer = ByteBuffer.allocate(8);
			channel.readFully(buffer);
			return buffer.array();
		});
		assertThat(read).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
		Background.get(served);
	}

	@Test
	void serverThatStallsWithinItsReplyIsTimedOut() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			client.write(Pipes.frame(GREETING));
			client.write(Pipes.frame("reply").limit(5));
		});
		assertTimedOut(() -> template(Duration.ofMillis(150)).requestFile("x"));
		Background.get(served);
	}

	@Test
	void writeThatTheServerTakesSlowlyIsNotCut() throws Exception {
		int size = 600 * 1024;
		CompletableFuture<Void> served = serve((client) -> {
			ByteBuffer part = ByteBuffer.allocate(16 * 1024);
			for (int total = 0; total < size; total += part.position()) {
				client.read(part.clear());
				// What the socket buffers is read without a pause: the client waits for
				// the
				// reply then.
				TimeUnit.MILLISECONDS.sleep((total < size / 2) ? 120 : 0);
			}
			client.write(Pipes.bytes(1));
		});
		ByteBuffer reply = ByteBuffer.allocate(1);
		template(Duration.ofSeconds(2)).execute((channel) -> {
			channel.write(ByteBuffer.allocate(size));
			return channel.readFully(reply);
		});
		assertThat(reply.get(0)).isEqualTo((byte) 1);
		Background.get(served);
	}

	@Test
	void serverThatDripsTheHeadOfItsReplyIsNotCut() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.read(ByteBuffer.allocate(1000));
			ByteBuffer head = StandardCharsets.US_ASCII.encode("HTTP/1.1 204 N\r\n\r\n");
			while (head.hasRemaining()) {
				client.write(Pipes.bytes(head.get()));
				TimeUnit.MILLISECONDS.sleep(130);
			}
		});
		PipeTemplate template = builder().protocol(new HttpProtocol()).requestTimeout(Duration.ofSeconds(2)).build();
		assertThat(template.exchange(PipeRequest.of("x")).body().isEmpty()).isTrue();
		Background.get(served);
	}

	@Test
	void totalTimeoutEndsAReplyThoughItMakesProgress() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.write(Pipes.frame(GREETING));
			Pipes.readFrame(client);
			client.write(Pipes.frame("x".repeat(30_000)).limit(2));
			dripUntilGone(client);
		});
		assertTotalTimeout(() -> total().requestFile("x"));
		Background.get(served);
	}

	@Test
	void totalTimeoutEndsACallbackThoughItMakesProgress() throws Exception {
		CompletableFuture<Void> served = serve(PipeTemplateTimeoutTests::dripUntilGone);
		assertTotalTimeout(() -> total().execute((channel) -> channel.readFully(ByteBuffer.allocate(100_000))));
		Background.get(served);
	}

	@Test
	void totalTimeoutEndsTheReadingOfAStreamedReply() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.read(ByteBuffer.allocate(1000));
			client.write(StandardCharsets.US_ASCII.encode("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
			dripUntilGone(client);
		});
		PipeTemplate template = builder().protocol(new HttpProtocol()).totalTimeout(Duration.ofMillis(1500)).build();
		try (PipeBody body = template.exchange(PipeRequest.of("x")).body()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> body.stream().readAllBytes())
				.havingCause()
				.isInstanceOf(PipeTimeoutException.class)
				.withMessageEndingWith("took longer than 1500 ms (total-timeout)");
		}
		Background.get(served);
	}

	private PipeTemplate total() {
		return builder().totalTimeout(Duration.ofMillis(1500)).build();
	}

	private void assertTotalTimeout(Runnable request) {
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(request::run)
			.withMessage("The request to the pipe '%s' took longer than 1500 ms (total-timeout)", this.address);
	}

	private static void dripUntilGone(PipeChannel client) {
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> {
			while (true) {
				client.write(Pipes.bytes(42));
				TimeUnit.MILLISECONDS.sleep(20);
			}
		});
	}

	private void assertTimedOut(Runnable request) {
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(request::run)
			.withMessage("The request to the pipe '%s' took longer than 150 ms (request-timeout)", this.address);
		assertThat(System.nanoTime() - start).isBetween(TimeUnit.MILLISECONDS.toNanos(150),
				TimeUnit.SECONDS.toNanos(20));
	}

}
