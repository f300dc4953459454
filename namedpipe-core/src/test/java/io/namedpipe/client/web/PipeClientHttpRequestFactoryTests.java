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

package io.namedpipe.client.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import io.namedpipe.client.HttpServerFixture;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring's clients against this library's server.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class PipeClientHttpRequestFactoryTests {

	private final String transport;

	private HttpServerFixture server;

	private PipeClientHttpRequestFactory factory;

	private RestClient client;

	private final CountDownLatch stopped = new CountDownLatch(1);

	PipeClientHttpRequestFactoryTests(String transport) {
		this.transport = transport;
	}

	@BeforeEach
	void start() {
		this.server = new HttpServerFixture(this.transport, new HttpProtocol(), this::handle);
		this.factory = new PipeClientHttpRequestFactory(this.server.builder());
		this.client = RestClient.builder().requestFactory(this.factory).baseUrl("http://pipe").build();
	}

	@AfterEach
	void stop() throws Exception {
		this.factory.close();
		this.server.close();
	}

	private void handle(PipeExchange exchange) throws Exception {
		PipeRequest request = exchange.request();
		Map<String, String> headers = request.headers();
		switch (request.route()) {
			case "echo" ->
				exchange.reply(new PipeReply(Map.of("content-type", headers.getOrDefault("content-type", "text/plain")),
						PipeBody.of(request.body().stream(), -1, "The echo")));
			case "count" -> exchange.reply(
					PipeReply.of(String.valueOf(request.body().stream().transferTo(OutputStream.nullOutputStream()))));
			case "list" -> exchange.reply(new PipeReply(Map.of("content-type", "application/json"),
					PipeBody.of("[{\"name\":\"a\",\"size\":1},{\"name\":\"b\",\"size\":2}]")));
			case "bytes" -> exchange.reply(PipeReply.of(PipeBody.of(new byte[5])));
			case "nothing" -> exchange.reply(PipeReply.empty());
			case "refuse" -> exchange.fail(new PipeFailure(Code.NOT_FOUND, "there is no such file"));
			case "slow" -> {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					this.stopped.countDown();
				}
			}
			default -> exchange.reply(PipeReply.of("%s %s %s %s %s".formatted(headers.get(HttpProtocol.METHOD),
					headers.getOrDefault(HttpProtocol.PATH, request.route()), headers.get(HttpProtocol.QUERY),
					headers.get("x-tag"), headers.get("host"))));
		}
	}

	@Test
	void lengthIsThatOfTheServer() {
		assertThat(this.client.head().uri("/bytes").retrieve().toBodilessEntity().getHeaders().getContentLength())
			.isEqualTo(5);
		assertThat(this.client.get().uri("/list").retrieve().toEntity(String.class).getHeaders().getContentLength())
			.isEqualTo(45);
		assertThat(this.client.head().uri("/echo").retrieve().toBodilessEntity().getHeaders().getContentLength())
			.isEqualTo(-1);
		assertThat(this.client.get().uri("/nothing").retrieve().toBodilessEntity().getHeaders().getContentLength())
			.isEqualTo(-1);
	}

	@Test
	void objectsAreSentAndReceived() {
		FileInfo sent = new FileInfo("\u00e9", 3);
		assertThat(this.client.post()
			.uri("/echo")
			.contentType(MediaType.APPLICATION_JSON)
			.body(sent)
			.retrieve()
			.body(FileInfo.class)).isEqualTo(sent);
		assertThat(this.client.get().uri("/list").retrieve().body(new ParameterizedTypeReference<List<FileInfo>>() {
		})).hasSize(2);
		assertThat(this.client.get().uri("/nothing").retrieve().toBodilessEntity().getStatusCode())
			.isEqualTo(HttpStatus.NO_CONTENT);
	}

	@Test
	void partsOfTheRequestArrive() {
		assertThat(this.client.method(HttpMethod.DELETE)
			.uri("/files/{name}/x?q={q}", "a/b \u00e9", "1 2")
			.header("X-Tag", "t", "u")
			.retrieve()
			.body(String.class)).isEqualTo("DELETE files/a%2Fb%20%C3%A9/x q=1%202 t, u pipe");
		assertThat(this.client.get().uri("http://other:80").retrieve().body(String.class))
			.isEqualTo("GET  null null other:80");
	}

	@Test
	void failureIsWhatSpringMakesOfIt() {
		assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
			.isThrownBy(() -> this.client.get().uri("/refuse").retrieve().body(String.class))
			.satisfies((ex) -> assertThat(ex.getResponseBodyAs(ProblemDetail.class).getDetail())
				.isEqualTo("there is no such file"));
		ResponseEntity<String> entity = this.client.get()
			.uri("/refuse")
			.retrieve()
			.onStatus((status) -> status.is4xxClientError(), (request, response) -> {
			})
			.toEntity(String.class);
		assertThat(entity.getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
		assertThat(entity.getHeaders().getContentType()).hasToString("application/problem+json");
	}

	@Test
	void bodiesAreStreamedBothWays(@TempDir Path folder) throws IOException {
		byte[] bytes = new byte[3_000_000];
		Path file = Files.write(folder.resolve("x"), bytes);
		for (Object body : new Object[] { bytes, new FileSystemResource(file),
				new InputStreamResource(new ByteArrayInputStream(bytes)) }) {
			assertThat(this.client.post()
				.uri("/count")
				.contentType(MediaType.APPLICATION_OCTET_STREAM)
				.body(body)
				.retrieve()
				.body(String.class)).isEqualTo("3000000");
		}
		long count = this.client.post()
			.uri("/echo")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(new FileSystemResource(file))
			.exchangeForRequiredValue((request, response) -> {
				assertThat(response.getStatusCode()).isEqualTo(HttpStatus.OK);
				assertThat(response.getStatusText()).isEqualTo("OK");
				return response.getBody().transferTo(OutputStream.nullOutputStream());
			});
		assertThat(count).isEqualTo(3_000_000);
	}

	@Test
	void bodyThatIsWrittenByTheCallerIsSent() {
		assertThat(this.client.post().uri("/echo").contentType(MediaType.TEXT_PLAIN).body((output) -> {
			output.write("by ".getBytes(StandardCharsets.UTF_8));
			output.write("hand".getBytes(StandardCharsets.UTF_8));
		}).retrieve().body(String.class)).isEqualTo("by hand");
	}

	@Test
	void responseThatIsNotReadLeavesTheClientUsable() throws IOException {
		for (int i = 0; i < 40; i++) {
			this.client.post()
				.uri("/echo")
				.contentType(MediaType.APPLICATION_OCTET_STREAM)
				.body(new byte[500_000])
				.retrieve()
				.toBodilessEntity();
		}
		try (InputStream content = this.client.post()
			.uri("/echo")
			.contentType(MediaType.TEXT_PLAIN)
			.body("x")
			.exchange((request, response) -> response.getBody(), false)) {
			assertThat(content.readAllBytes()).containsExactly('x');
		}
	}

	@Test
	void interfaceIsAClient() {
		FileClient files = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(this.client))
			.build()
			.createClient(FileClient.class);
		assertThat(files.list()).hasSize(2);
		assertThat(files.echo(new FileInfo("a", 1))).isEqualTo(new FileInfo("a", 1));
		assertThat(files.line("x", "y")).isEqualTo("GET files/x name=y null pipe");
	}

	@Test
	void troubleWithThePipeIsTroubleWithTheResource() throws Exception {
		RestClient patient = this.client;
		try (PipeClientHttpRequestFactory impatient = new PipeClientHttpRequestFactory(
				this.server.builder().requestTimeout(Duration.ofSeconds(2)));
				PipeClientHttpRequestFactory absent = new PipeClientHttpRequestFactory(
						this.server.builder().address(PipeAddress.of("np.nobody")))) {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> RestClient.builder()
					.requestFactory(impatient)
					.build()
					.get()
					.uri("http://pipe/slow")
					.retrieve()
					.body(String.class))
				.havingCause()
				.withCauseInstanceOf(PipeTimeoutException.class);
			assertThat(this.stopped.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> RestClient.create(URI.create("http://x"))
					.mutate()
					.requestFactory(absent)
					.build()
					.get()
					.uri("/x")
					.retrieve()
					.body(String.class))
				.havingCause()
				.withCauseInstanceOf(PipeNotFoundException.class);
		}
		assertThat(patient.get().uri("/x").retrieve().body(String.class)).isEqualTo("GET x null null pipe");
	}

	@Test
	void headersOfTheConnectionAreOurs() {
		HttpHeaders headers = this.client.post()
			.uri("/echo")
			.header("Connection", "close")
			.header("Transfer-Encoding", "gzip")
			.contentType(MediaType.TEXT_PLAIN)
			.body("x")
			.retrieve()
			.toEntity(String.class)
			.getHeaders();
		assertThat(headers.headerNames()).doesNotContain("connection");
	}

	/**
	 * What is sent and received.
	 *
	 * @param name the name
	 * @param size the size
	 */
	record FileInfo(String name, long size) {
	}

	/**
	 * A client without code.
	 */
	@HttpExchange
	interface FileClient {

		@GetExchange("/list")
		List<FileInfo> list();

		@PostExchange(value = "/echo", contentType = "application/json")
		FileInfo echo(@RequestBody FileInfo info);

		@GetExchange("/files/{id}")
		String line(@PathVariable String id, @RequestParam String name);

	}

}
