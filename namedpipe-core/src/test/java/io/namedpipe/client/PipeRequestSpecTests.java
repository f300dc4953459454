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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.messaging.converter.MessageConversionException;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The fluent entry of a template, against this library's server.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class PipeRequestSpecTests {

	private static final String JSON = "application/json";

	private final String transport;

	private HttpServerFixture server;

	private PipeTemplate template;

	private final List<String> accepted = new CopyOnWriteArrayList<>();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch stopped = new CountDownLatch(1);

	PipeRequestSpecTests(String transport) {
		this.transport = transport;
	}

	@BeforeEach
	void start() {
		this.server = new HttpServerFixture(this.transport, new HttpProtocol(), this::handle);
		this.template = this.server.builder().build();
	}

	@AfterEach
	void stop() throws Exception {
		this.template.close();
		this.server.close();
	}

	private void handle(PipeExchange exchange) throws Exception {
		PipeRequest request = exchange.request();
		Map<String, String> headers = request.headers();
		switch (request.route()) {
			case "", "echo" ->
				exchange.reply(new PipeReply(Map.of("content-type", headers.getOrDefault("content-type", "text/plain")),
						PipeBody.of(request.body().stream(), -1, "The echo")));
			case "line" -> exchange.reply(PipeReply
				.of("%s %s %s %s %s".formatted(headers.get(HttpProtocol.METHOD), headers.get(HttpProtocol.QUERY),
						headers.get("content-type"), headers.get("accept"), headers.get("x-tag"))));
			case "list" -> exchange.reply(new PipeReply(Map.of("content-type", JSON),
					PipeBody.of("[{\"name\":\"a\",\"size\":1},{\"name\":\"b\",\"size\":2}]")));
			case "large" ->
				exchange.reply(PipeReply.of(PipeBody.of(InputStream.nullInputStream(), PipeBody.UNKNOWN_LENGTH, "")));
			case "count" -> exchange.reply(
					PipeReply.of(String.valueOf(request.body().stream().transferTo(OutputStream.nullOutputStream()))));
			case "nothing" -> exchange.reply(PipeReply.empty());
			case "refuse" -> exchange.fail(new PipeFailure(Code.NOT_FOUND, "there is no such file"));
			case "slow" -> work();
			default -> throw new IllegalStateException(request.route());
		}
	}

	private void work() {
		this.begun.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			this.stopped.countDown();
		}
	}

	@Test
	void objectsTravelAsJson() {
		FileInfo sent = new FileInfo("\u00e9.txt", 3);
		assertThat(this.template.route("echo").payload(sent).retrieve(FileInfo.class)).isEqualTo(sent);
		assertThat(this.template.route("/list").retrieve(new ParameterizedTypeReference<List<FileInfo>>() {
		})).containsExactly(new FileInfo("a", 1), new FileInfo("b", 2));
		assertThat(this.template.route("list").retrieve(FileInfo[].class)).hasSize(2);
		assertThat(this.template.route("nothing").retrieve(FileInfo.class)).isNull();
	}

	@Test
	void textsBytesAndStreamsTravelAsTheyAre(@TempDir Path folder) throws IOException {
		assertThat(this.template.route("echo").payload("text").retrieve(String.class)).isEqualTo("text");
		assertThat(this.template.route("echo").payload(new byte[] { 1, 2 }).retrieve(byte[].class)).containsExactly(1,
				2);
		Path file = Files.writeString(folder.resolve("x"), "file");
		assertThat(this.template.route("echo").payload(file).retrieve(String.class)).isEqualTo("file");
		assertThat(this.template.route("echo").payload(Files.newInputStream(file)).retrieve(String.class))
			.isEqualTo("file");
		assertThat(this.template.route("echo").payload(new ByteArrayResource(new byte[] { 65 })).retrieve(String.class))
			.isEqualTo("A");
		assertThat(this.template.route("echo").payload(PipeBody.of("body")).retrieve(String.class)).isEqualTo("body");
		assertThat(this.template.route("nothing").retrieve(String.class)).isEmpty();
		assertThat(this.template.route("echo").payload("x").retrieve(Void.class)).isNull();
	}

	@Test
	void textTravelsInItsCharset() {
		String latin = "text/plain;charset=ISO-8859-1";
		assertThat(text("\u00e9", latin).retrieve(byte[].class)).containsExactly(0xe9);
		assertThat(text("\u00e9", latin).retrieve(String.class)).isEqualTo("\u00e9");
		assertThat(text("\u00e9", "text/plain; charset=\"UTF-8\"").retrieve(byte[].class)).containsExactly(0xc3, 0xa9);
		assertThatIllegalArgumentException().isThrownBy(() -> text("\u20ac", latin).exchange())
			.withMessageContaining("characters that its charset iso-8859-1 has not");
		assertThatIllegalArgumentException().isThrownBy(() -> text("x", "text/plain;charset=none").exchange())
			.withMessageContaining("charset 'none' in the Content-Type is not known");
	}

	private PipeRequestSpec text(String text, String type) {
		return this.template.route("echo").header("Content-Type", type).payload(text);
	}

	@Test
	void partsOfTheRequestArrive() {
		assertThat(this.template.route("line").retrieve(String.class)).isEqualTo("GET null null null null");
		assertThat(this.template.route("line")
			.method("put")
			.query("name", "a b&c=\u00e9/+%")
			.query("n", 7)
			.header("X-Tag", "t")
			.payload(new FileInfo("a", 1))
			.retrieve(String.class)).isEqualTo("PUT name=a%20b%26c%3D%C3%A9%2F%2B%25&n=7 application/json null t");
		assertThat(this.template.route("line").payload("").retrieve(String.class)).startsWith("POST");
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> this.template.route("line").retrieve(FileInfo.class));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.template.route("line").header("X-Tag", "a\nb").retrieve(String.class));
	}

	@Test
	void objectIsAskedForAsWhatConvertersRead() {
		assertThat(this.template.route("line").header("Content-Type", "text/plain").exchange().body().text())
			.doesNotContain("application");
		PipeTemplate listening = this.server.builder().listeners(List.of(new PipeClientListener() {

			@Override
			public void exchangeStarted(PipeAddress address, PipeRequest request) {
				PipeRequestSpecTests.this.accepted.add(String.valueOf(request.headers().get("accept")));
			}

		})).build();
		try (listening) {
			listening.route("list").retrieve(FileInfo[].class);
			listening.route("list").retrieve(Void.class);
			listening.route("list").retrieve(String.class);
			listening.route("list").header("Accept", "*/*").retrieve(FileInfo[].class);
			assertThat(this.accepted).hasSize(4).first().asString().startsWith(JSON);
			assertThat(this.accepted.subList(1, 4)).containsExactly("null", "null", "*/*");
		}
	}

	@Test
	void failureCarriesWhatTheServerSaid() {
		assertThatExceptionOfType(PipeRemoteException.class)
			.isThrownBy(() -> this.template.route("refuse").retrieve(FileInfo.class))
			.withMessage("there is no such file")
			.satisfies((ex) -> {
				assertThat(ex.getCode()).isEqualTo(Code.NOT_FOUND);
				assertThat(ex.getStatus()).isEqualTo(404);
				assertThat(ex.getTitle()).isEqualTo("Not Found");
				assertThat(ex.getDetail()).isEqualTo("there is no such file");
				assertThat(ex.getFields()).isEmpty();
			});
	}

	@Test
	void contentIsReadWhileItArrives() throws IOException {
		byte[] sent = new byte[3 * 1024 * 1024];
		try (InputStream content = this.template.route("echo").payload(sent).body()) {
			assertThat(content.readAllBytes()).isEqualTo(sent);
			assertThat(content.read()).isEqualTo(-1);
		}
		try (InputStream content = this.template.route("echo").payload("small").body()) {
			assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("small");
		}
	}

	@Test
	void closedContentCannotBeRead() throws IOException {
		InputStream content = this.template.route("echo").payload(new byte[1024 * 1024]).body();
		content.close();
		assertThatExceptionOfType(IOException.class).isThrownBy(content::read);
		content.close();
		assertThat(this.template.route("echo").payload("again").retrieve(String.class)).isEqualTo("again");
	}

	@Test
	void fileIsRequestedOverBothProtocols() throws Exception {
		assertThat(this.template.requestFile("name.txt")).isEqualTo("name.txt");
		try (HttpServerFixture other = new HttpServerFixture(this.transport, new StreamStringProtocol(),
				(exchange) -> exchange.reply(PipeReply.of(exchange.request().body().text() + "!")));
				PipeTemplate old = other.builder().build()) {
			assertThat(old.requestFile("name.txt")).isEqualTo("name.txt!");
			assertThat(old.route("").payload("x").retrieve(String.class)).isEqualTo("x!");
			assertThat(old.route("").payload(new FileInfo("a", 1)).retrieve(String.class)).contains("\"size\":1");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> old.route("x").retrieve(String.class))
				.withMessageContaining("stream-string");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> old.route("").query("a", "b").payload("x").retrieve(String.class));
		}
	}

	@Test
	void asynchronousTwinsDoTheSame() throws Exception {
		FileInfo sent = new FileInfo("a", 1);
		assertThat(Background.get(this.template.route("echo").payload(sent).async().retrieve(FileInfo.class)))
			.isEqualTo(sent);
		assertThat(Background
			.get(this.template.route("list").async().retrieve(new ParameterizedTypeReference<List<FileInfo>>() {
			}))).hasSize(2);
		try (InputStream content = Background.get(this.template.route("echo").payload("x").async().body())) {
			assertThat(content.readAllBytes()).containsExactly('x');
		}
		assertThat(Background.get(this.template.route("nothing").async().exchange()).headers())
			.containsEntry(HttpProtocol.STATUS, "204");
		assertThatExceptionOfType(PipeRemoteException.class)
			.isThrownBy(() -> Background.get(this.template.route("refuse").async().exchange()));
	}

	@Test
	void manyAsynchronousCallsShareThreadsAndConnections() throws Exception {
		List<CompletableFuture<String>> replies = new java.util.ArrayList<>();
		for (int i = 0; i < 200; i++) {
			replies.add(this.template.route("echo").payload("call " + i).async().retrieve(String.class));
		}
		for (int i = 0; i < 200; i++) {
			assertThat(Background.get(replies.get(i))).isEqualTo("call " + i);
		}
	}

	@Test
	void cancelStopsTheWorkOfTheServer() throws Exception {
		CompletableFuture<String> reply = this.template.route("slow").async().retrieve(String.class);
		awaitLatch(this.begun);
		reply.cancel(false);
		awaitLatch(this.stopped);
		assertThat(reply).isCancelled();
		assertUsable();
	}

	@Test
	void timeOutOfTheFutureStopsTheWorkOfTheServer() throws Exception {
		CompletableFuture<String> reply = this.template.route("slow").async().retrieve(String.class);
		awaitLatch(this.begun);
		reply.orTimeout(1, TimeUnit.MILLISECONDS);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(reply::get)
			.withCauseInstanceOf(TimeoutException.class);
		awaitLatch(this.stopped);
		assertUsable();
	}

	@Test
	void interruptStopsTheWorkOfTheServer() throws Exception {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				this.template.route("slow").retrieve(String.class);
			}
			catch (PipeException ex) {
				interrupted.complete(Thread.currentThread().isInterrupted());
			}
		});
		caller.start();
		awaitLatch(this.begun);
		caller.interrupt();
		assertThat(Background.get(interrupted)).isTrue();
		awaitLatch(this.stopped);
		assertUsable();
	}

	@Test
	void requestHasATimeOutOfItsOwn() {
		assertThatExceptionOfType(PipeTimeoutException.class)
			.isThrownBy(() -> this.template.route("slow").timeout(Duration.ofMillis(100)).retrieve(String.class))
			.withMessageContaining("100 ms");
		assertUsable();
	}

	@Test
	void closedTemplateRefusesRequestsAndEndsThoseUnderWay() throws Exception {
		CompletableFuture<String> reply = this.template.route("slow").async().retrieve(String.class);
		awaitLatch(this.begun);
		this.template.close();
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> Background.get(reply));
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> this.template.route("echo").retrieve(String.class));
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> this.template.route("echo").async().retrieve(String.class));
		awaitLatch(this.stopped);
	}

	private void assertUsable() {
		assertThat(this.template.route("echo").payload("again").retrieve(String.class)).isEqualTo("again");
	}

	private static void awaitLatch(CountDownLatch latch) {
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> latch.getCount() == 0);
	}

	/**
	 * What is sent and received.
	 *
	 * @param name the name
	 * @param size the size
	 */
	record FileInfo(String name, long size) {
	}

}
