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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files as results: their headers, and requests for parts of them.
 */
class FileResultTests {

	private static final String TEXT = "0123456789";

	@TempDir
	Path folder;

	private Path file = Path.of("");

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withUserConfiguration(FilesEndpoint.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http");

	@BeforeEach
	void write() throws IOException {
		this.file = Files.writeString(this.folder.resolve("a.txt"), TEXT);
		Files.setLastModifiedTime(this.file, FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z")));
	}

	private Reply read(ApplicationContext context, String fields) {
		return RawHttp.call(context, "GET /file?name=" + encoded(this.file) + fields);
	}

	private static String encoded(Path path) {
		return path.toString().replace("\\", "%5C");
	}

	@Test
	void fileHasItsLengthTypeAndTime() {
		this.runner.run((context) -> {
			for (String route : List.of("/file", "/path")) {
				String target = route + "?name=" + encoded(this.file);
				Reply reply = RawHttp.call(context, "GET " + target);
				assertThat(reply.body()).isEqualTo(TEXT);
				assertThat(reply.field("Content-Length")).isEqualTo("10");
				assertThat(reply.field("Content-Type")).isEqualTo("text/plain");
				assertThat(reply.field("Last-Modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
				assertThat(reply.field("ETag")).matches("\"[0-9a-f]+-a\"");
				assertThat(reply.field("Accept-Ranges")).isEqualTo("bytes");
				Reply head = RawHttp.call(context, "HEAD " + target);
				assertThat(head.field("Content-Length")).isEqualTo("10");
				assertThat(head.body()).isEmpty();
			}
			assertThat(RawHttp.call(context, "GET /file?name=" + encoded(this.folder)).status()).isEqualTo(400);
			Reply missing = RawHttp.call(context, "GET /file?name=" + encoded(this.folder) + "/none");
			assertThat(missing.status()).isEqualTo(404);
			assertThat(missing.body()).contains("no such file: none").doesNotContain(this.folder.toString());
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "bytes=0-3 | 206 | bytes 0-3/10 | 0123", "bytes=7- | 206 | bytes 7-9/10 | 789",
					"bytes=-2 | 206 | bytes 8-9/10 | 89", "bytes=0-99 | 206 | bytes 0-9/10 | 0123456789",
					"bytes=10- | 416 | bytes */10 | -", "bytes=3-1 | 200 | '' | 0123456789",
					"bytes=0-1,3-4 | 200 | '' | 0123456789", "lines=0-1 | 200 | '' | 0123456789" })
	void fileIsReadInParts(String range, int status, String contentRange, String body) {
		this.runner.run((context) -> {
			Reply reply = read(context, "\nRange: " + range);
			assertThat(reply.status()).isEqualTo(status);
			assertThat(reply.field("Content-Range")).isEqualTo(contentRange);
			if (status != 416) {
				assertThat(reply.body()).isEqualTo(body);
				assertThat(reply.field("Content-Length")).isEqualTo(String.valueOf(body.length()));
			}
		});
	}

	@Test
	void fileThatIsNamedInABodyIsReadInPartsToo() {
		this.runner.run((context) -> {
			byte[] name = this.file.toString().getBytes(StandardCharsets.UTF_8);
			Reply reply = RawHttp.call(context, "POST /file\nContent-Type: text/plain\nRange: bytes=7-", name);
			assertThat(reply.status()).isEqualTo(206);
			assertThat(reply.body()).isEqualTo("789");
			String tag = reply.field("ETag");
			assertThat(
					RawHttp.call(context, "POST /file\nContent-Type: text/plain\nIf-None-Match: " + tag, name).status())
				.isEqualTo(200);
		});
	}

	@Test
	void conditionsAreThoseOfTheFileAsItIs() {
		this.runner.run((context) -> {
			String tag = read(context, "").field("ETag");
			String time = "Fri, 02 Jan 2026 03:04:05 GMT";
			Reply same = read(context, "\nIf-None-Match: " + tag);
			assertThat(same.status()).isEqualTo(304);
			assertThat(same.body()).isEmpty();
			assertThat(same.field("ETag")).isEqualTo(tag);
			assertThat(read(context, "\nIf-Modified-Since: " + time).status()).isEqualTo(304);
			assertThat(read(context, "\nIf-None-Match: \"x\"\nIf-Modified-Since: " + time).status()).isEqualTo(200);
			assertThat(read(context, "\nIf-Match: \"x\"").status()).isEqualTo(412);
			assertThat(read(context, "\nIf-Match: " + tag).status()).isEqualTo(200);
			assertThat(read(context, "\nRange: bytes=8-\nIf-Range: " + tag).body()).isEqualTo("89");
			assertThat(read(context, "\nRange: bytes=8-\nIf-Range: " + time).body()).isEqualTo(TEXT);
			Files.writeString(this.file, "abcdefghij");
			assertThat(read(context, "\nRange: bytes=8-\nIf-Range: " + tag).body()).isEqualTo("abcdefghij");
			assertThat(read(context, "\nIf-None-Match: " + tag).status()).isEqualTo(200);
		});
	}

	@PipeEndpoint("files")
	static class FilesEndpoint {

		@PipeMapping("file")
		Resource file(@Payload String name) {
			return new FileSystemResource(name);
		}

		@PipeMapping("path")
		Path path(@Payload String name) {
			return Path.of(name);
		}

	}

}
