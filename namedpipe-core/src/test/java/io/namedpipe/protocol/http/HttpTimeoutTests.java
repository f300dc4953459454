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

package io.namedpipe.protocol.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Clients that are slow, or stop in the middle.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "system" })
class HttpTimeoutTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final String transport;

	HttpTimeoutTests(String transport) {
		this.transport = transport;
	}

	private HttpContainer server(ServerTimeouts timeouts) {
		return new HttpContainer(HttpContainer.transport(this.transport), Pipes.uniqueAddress(), timeouts);
	}

	@Test
	void clientThatSendsNoWholeHeadIsClosed() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRead(SHORT)); LogCapture log = server.log()) {
			try (PipeChannel channel = server.connect()) {
				assertThat(HttpContainer.readToEnd(channel)).isEmpty();
			}
			for (String begin : new String[] { "G", "GET / HTTP/1.1\r\nHost: a\r\n", "GET /query" }) {
				try (PipeChannel channel = server.connect(begin)) {
					assertLate(HttpContainer.readToEnd(channel), "408 Request Timeout");
				}
			}
			await().untilAsserted(
					() -> assertThat(log.lines()).filteredOn((line) -> line.contains("read-timeout")).hasSize(4));
		}
	}

	private static void assertLate(String answer, String status) {
		assertThat(answer).startsWith("HTTP/1.1 " + status + "\r\n")
			.contains("\r\nConnection: close\r\n", "\"code\":\"TIMEOUT\"")
			.endsWith("}");
	}

	@Test
	void headHasOneTimeLimitHoweverItIsDripped() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRead(SHORT));
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel, "GET /query HTTP/1.1\r\nX: ");
			await().pollInterval(Duration.ofMillis(20)).until(() -> {
				try {
					HttpContainer.send(channel, "x");
					return false;
				}
				catch (PipeResetException ex) {
					return true;
				}
			});
		}
	}

	@Test
	void headOfALaterRequestHasTheReadTimeoutToo() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRead(SHORT));
				PipeChannel channel = server.connect("GET /query HTTP/1.1\r\nHost: a\r\n\r\nGET /que")) {
			assertThat(HttpContainer.readToEnd(channel)).startsWith("HTTP/1.1 200 OK\r\n")
				.contains("HTTP/1.1 408 Request Timeout\r\n");
		}
	}

	@Test
	void clientThatStopsWithinABodyIsClosedAndOneThatIsSlowIsNot() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRead(Duration.ofSeconds(2)))) {
			try (PipeChannel channel = server
				.connect("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")) {
				assertLate(HttpContainer.readToEnd(channel), "408 Request Timeout");
			}
			try (PipeChannel channel = server.connect()) {
				HttpContainer.send(channel,
						"POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\n");
				int[] sent = { 0 };
				await().pollInterval(Duration.ofMillis(250)).until(() -> {
					HttpContainer.send(channel, "x");
					return ++sent[0] == 10;
				});
				assertThat(HttpContainer.readToEnd(channel)).startsWith("HTTP/1.1 200 ").endsWith("10");
			}
		}
	}

	@Test
	void clientThatDoesNotReadIsClosed() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withWrite(SHORT));
				LogCapture log = server.log();
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
			await().untilAsserted(
					() -> assertThat(log.lines()).anyMatch((line) -> line.endsWith("300 ms (write-timeout)")));
			assertThat(HttpContainer.readToEnd(channel)).hasSizeLessThan(HttpContainer.LARGE);
		}
	}

	@Test
	void clientThatReadsSlowlyIsNotClosed() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withWrite(Duration.ofSeconds(1)));
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
			ByteBuffer part = ByteBuffer.allocate(16 * 1024);
			for (int i = 0; i < 20; i++) {
				channel.readFully(part.clear());
				TimeUnit.MILLISECONDS.sleep(150);
			}
			assertThat(server.container.activeConnections()).isEqualTo(1);
		}
	}

	@Test
	void totalTimeoutEndsAReplyThoughTheClientReads() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withTotal(SHORT));
				LogCapture log = server.log();
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
			long count = 0;
			int read;
			ByteBuffer part = ByteBuffer.allocate(16 * 1024);
			while ((read = channel.read(part.clear())) >= 0) {
				count += read;
				TimeUnit.MILLISECONDS.sleep(20);
			}
			assertThat(count).isLessThan(HttpContainer.LARGE);
			await().untilAsserted(() -> assertThat(log.lines())
				.anyMatch((line) -> line.endsWith("The request took longer than 300 ms (total-timeout)")));
		}
	}

	@Test
	void totalTimeoutIsForEachRequestOfAConnection() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withTotal(Duration.ofSeconds(2)));
				ClientSession session = server.open()) {
			for (int i = 0; i < 6; i++) {
				assertThat(HttpContainer.text(session.exchange(HttpContainer.request("query", PipeBody.empty()))))
					.startsWith("GET");
				TimeUnit.MILLISECONDS.sleep(400);
			}
		}
	}

	@Test
	void connectionThatIsIdleIsClosedAndItsClientMayAskOnANewOne() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withIdle(SHORT));
				ClientSession session = server.open();
				ClientSession other = server.open()) {
			session.exchange(HttpContainer.request("query", PipeBody.empty()));
			other.exchange(HttpContainer.request("query", PipeBody.empty()));
			await().until(() -> server.container.activeConnections() == 0);
			assertThatExceptionOfType(PipeNoReplyException.class)
				.isThrownBy(() -> session.exchange(HttpContainer.request("query", PipeBody.empty())));
		}
	}

	@Test
	void handlerHasATimeLimitAndIsInterrupted() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRequest(SHORT));
				ClientSession session = server.open()) {
			assertThatExceptionOfType(PipeRequestException.class)
				.isThrownBy(() -> session.exchange(HttpContainer.request("slow", PipeBody.empty())))
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.TIMEOUT));
			// The handler is interrupted.
			await().until(() -> server.container.activeConnections() == 0);
			for (String method : new String[] { "GET", "HEAD" }) {
				try (PipeChannel channel = server.connect()) {
					HttpContainer.send(channel, method + " /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\n");
					assertThat(HttpContainer.readToEnd(channel)).startsWith("HTTP/1.1 504 Gateway Timeout\r\n")
						.endsWith(method.equals("GET") ? "}" : "\r\n\r\n");
				}
			}
		}
	}

	@Test
	void clientThatDoesNotReadHoldsUpNoTimeout() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withWrite(SHORT).withRequest(SHORT));
				PipeChannel channel = server.connect();
				PipeChannel other = server.connect()) {
			HttpContainer.send(channel, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
			HttpContainer.send(other, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(HttpContainer.readToEnd(other)).startsWith("HTTP/1.1 504 ");
			await().until(() -> server.container.activeConnections() == 0);
		}
	}

	@Test
	void timeOfAHandlerBeginsAgainWithEachPartOfTheBody() throws Exception {
		int length = 2 * 1024 * 1024;
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRequest(Duration.ofMillis(600)));
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel,
					"POST /slowly HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n");
			channel.write(ByteBuffer.allocate(length));
			assertThat(HttpContainer.readToEnd(channel)).startsWith("HTTP/1.1 200 ").endsWith("16 parts");
		}
	}

	@Test
	void timeOfAHandlerDoesNotRunWhileTheBodyArrives() throws Exception {
		try (HttpContainer server = server(ServerTimeouts.DEFAULTS.withRequest(Duration.ofSeconds(1)));
				PipeChannel channel = server.connect()) {
			HttpContainer.send(channel,
					"POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 8\r\n\r\n");
			int[] sent = { 0 };
			await().pollInterval(Duration.ofMillis(150)).until(() -> {
				HttpContainer.send(channel, "x");
				return ++sent[0] == 8;
			});
			assertThat(HttpContainer.readToEnd(channel)).startsWith("HTTP/1.1 200 ").endsWith("8");
		}
	}

}
