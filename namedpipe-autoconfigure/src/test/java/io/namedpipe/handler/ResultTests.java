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

package io.namedpipe.handler;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeFailureCode;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The replies that results of handlers become.
 */
class ResultTests {

	@TempDir
	private Path folder;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = PipeRunner.create()
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withUserConfiguration(Results.class)
			.withPropertyValues("namedpipe.server.pipes.files.protocol=http", "test.folder=" + this.folder);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			value = { "/object | 200 | application/json | {\"name\":\"a\",\"size\":1}",
					"/list | 200 | application/json | [{\"name\":\"a\",\"size\":1}]",
					"/text | 200 | text/plain;charset=UTF-8 | h\u00e9", "/bytes | 200 | application/octet-stream | abc",
					"/stage | 200 | application/json | {\"name\":\"a\",\"size\":1}", "/nothing | 204 | '' | ''",
					"/null | 204 | '' | ''", "/created | 201 | application/json | {\"name\":\"a\",\"size\":1}",
					"/typed | 200 | text/html | <p>", "/resource | 200 | application/octet-stream | abc",
					"/laterCreated | 202 | text/plain;charset=UTF-8 | later",
					"/buffer | 200 | application/octet-stream | bc", "/file | 200 | application/octet-stream | abc",
					"/optional | 200 | application/json | \"a\"", "/enum | 200 | application/json | \"TERMINATED\"" })
	void resultHasItsTypeAndStatus(String target, int status, String type, String body) {
		this.runner.run((context) -> {
			Reply reply = RawHttp.call(context, "GET " + target);
			assertThat(reply.status()).isEqualTo(status);
			assertThat(reply.field("Content-Type")).isEqualTo(type);
			assertThat(reply.text()).isEqualTo(body);
			assertThat(reply.field("Date")).endsWith(" GMT");
			assertThat(reply.field("Content-Length"))
				.isEqualTo((status != 204) ? String.valueOf(body.getBytes(StandardCharsets.UTF_8).length) : "");
		});
	}

	@Test
	void responseHasItsHeaders() {
		this.runner.run(
				(context) -> assertThat(RawHttp.call(context, "POST /created").field("Location")).isEqualTo("/object"));
	}

	@Test
	void streamsAreChunkedUnlessTheirLengthIsKnown() {
		this.runner.run((context) -> {
			for (String target : List.of("/stream", "/once")) {
				Reply reply = RawHttp.call(context, "GET " + target);
				assertThat(reply.field("Transfer-Encoding")).isEqualTo("chunked");
				assertThat(reply.body()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
			}
			assertThat(RawHttp.call(context, "GET /writer").field("Content-Length")).isEqualTo("3");
			assertThat(RawHttp.call(context, "GET /writer").body()).isEqualTo("abc");
			assertThat(RawHttp.call(context, "GET /flushing").body()).isEqualTo("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
			assertThat(RawHttp.call(context, "GET /large").body()).hasSizeGreaterThan(200_000).endsWith("0\r\n\r\n");
		});
	}

	@Test
	void writerThatFailsBeforeItsFirstBytesAreSentIsAProblemAndAfterwardsAnIncompleteReply() {
		this.runner.run((context) -> {
			assertThat(RawHttp.call(context, "GET /failing").status()).isEqualTo(404);
			Reply reply = RawHttp.call(context, "GET /failingLate");
			assertThat(reply.status()).isEqualTo(200);
			assertThat(reply.body()).isEqualTo("1\r\na\r\n");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/object | application/json | 200", "/object | text/html, */*;q=0.1 | 200",
					"/object | application/* | 200", "/object | '' | 200", "/object | text/plain | 406",
					"/object | application/json;q=0 | 406", "/text | text/plain | 200",
					"/text | text/html, text/*;q=0.3 | 200", "/text | image/png | 406",
					"/text | application/json | 200", "/stage | image/png | 406", "/bytes | image/png | 200",
					"/typed | image/png | 200", "/nothing | image/png | 204", "/response | image/png | 406" })
	void clientSaysWhatItAccepts(String target, String accept, int status) {
		this.runner.run((context) -> {
			Reply reply = RawHttp.call(context, "GET " + target + "\nAccept: " + accept);
			assertThat(reply.status()).isEqualTo(status);
			if (target.equals("/text") && status == 200) {
				assertThat(reply.text()).isEqualTo(accept.equals("application/json") ? "\"h\u00e9\"" : "h\u00e9");
			}
		});
	}

	@Test
	void objectThatHasNoValueYetIsADefect() {
		this.runner.run((context) -> assertThat(RawHttp.call(context, "GET /deferred").status()).isEqualTo(500));
	}

	@Test
	void writerFailsWithTheCodeOfItsException() {
		this.runner.run((context) -> {
			Reply reply = RawHttp.call(context, "GET /coded");
			assertThat(reply.status()).isEqualTo(404);
			assertThat(reply.text()).contains("no such order");
		});
	}

	@Test
	void handlerDoesNotRunForAClientThatWillNotAcceptItsResult() {
		this.runner.run((context) -> {
			RawHttp.call(context, "POST /object\nAccept: image/png");
			assertThat(context.getBean(Results.class).calls).hasValue(0);
			RawHttp.call(context, "POST /object");
			assertThat(context.getBean(Results.class).calls).hasValue(1);
		});
	}

	record FileInfo(String name, int size) {

	}

	@PipeFailureCode(Code.NOT_FOUND)
	static class NoSuchOrderException extends RuntimeException {

		NoSuchOrderException() {
			super("no such order");
		}

	}

	@PipeEndpoint("files")
	static class Results {

		final AtomicInteger calls = new AtomicInteger();

		private final Path folder;

		Results(@Value("${test.folder}") Path folder) {
			this.folder = folder;
		}

		@PipeMapping("object")
		FileInfo object() {
			this.calls.incrementAndGet();
			return new FileInfo("a", 1);
		}

		@PipeMapping("list")
		List<FileInfo> list() {
			return List.of(new FileInfo("a", 1));
		}

		@PipeMapping("text")
		String text() {
			return "h\u00e9";
		}

		@PipeMapping("bytes")
		byte[] bytes() {
			return "abc".getBytes(StandardCharsets.UTF_8);
		}

		@PipeMapping("stage")
		CompletionStage<FileInfo> stage() {
			return CompletableFuture.supplyAsync(() -> new FileInfo("a", 1));
		}

		@PipeMapping("nothing")
		void nothing() {
		}

		@PipeMapping("null")
		@org.jspecify.annotations.Nullable
		String none() {
			return null;
		}

		@PipeMapping("created")
		PipeResponse created() {
			return PipeResponse.of(201, new FileInfo("a", 1)).header("Location", "/object");
		}

		@PipeMapping("typed")
		PipeResponse typed() {
			return new PipeResponse(200, Map.of("content-type", "text/html"), "<p>");
		}

		@PipeMapping("response")
		PipeResponse response() {
			return PipeResponse.of(200, new FileInfo("a", 1));
		}

		@PipeMapping("laterCreated")
		CompletionStage<PipeResponse> laterCreated() {
			return CompletableFuture.supplyAsync(() -> PipeResponse.of(202, "later"));
		}

		@PipeMapping("resource")
		Resource resource() {
			return new ByteArrayResource("abc".getBytes(StandardCharsets.UTF_8));
		}

		@PipeMapping("once")
		Resource once() {
			return new InputStreamResource(stream());
		}

		@PipeMapping("stream")
		InputStream stream() {
			return new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8));
		}

		@PipeMapping("buffer")
		ByteBuffer buffer() {
			return ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8)).position(1);
		}

		@PipeMapping("file")
		File file() throws IOException {
			return Files.writeString(this.folder.resolve("it"), "abc").toFile();
		}

		@PipeMapping("optional")
		Optional<String> optional() {
			return Optional.of("a");
		}

		@PipeMapping("enum")
		Thread.State constant() {
			return Thread.State.TERMINATED;
		}

		@PipeMapping("deferred")
		Object deferred() {
			return new FutureTask<>(() -> "later");
		}

		@PipeMapping("coded")
		PipeBody.Writer coded() {
			return (stream) -> {
				throw new NoSuchOrderException();
			};
		}

		@PipeMapping("writer")
		PipeBody.Writer writer() {
			return (stream) -> {
				stream.write('a');
				stream.write("bc".getBytes(StandardCharsets.UTF_8));
			};
		}

		@PipeMapping("flushing")
		PipeBody.Writer flushing() {
			return (stream) -> {
				stream.write('a');
				stream.flush();
				stream.write("bc".getBytes(StandardCharsets.UTF_8));
			};
		}

		@PipeMapping("large")
		PipeBody.Writer large() {
			return (stream) -> stream.write(new byte[200_000]);
		}

		@PipeMapping("failing")
		PipeBody.Writer failing() {
			return (stream) -> {
				stream.write('a');
				throw new NoSuchFileException("it");
			};
		}

		@PipeMapping("failingLate")
		PipeBody.Writer failingLate() {
			return (stream) -> {
				stream.write('a');
				stream.flush();
				throw new NoSuchFileException("it");
			};
		}

	}

}
