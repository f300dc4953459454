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

package io.namedpipe.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.security.PipePrincipal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A controller with several routes, called over HTTP by this library's client.
 */
class HttpEndToEndTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withBean(FileController.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http", "namedpipe.client.protocol=http",
				"namedpipe.client.default-pipe=files");

	private static PipeReply exchange(ApplicationContext context, String route, Map<String, String> headers,
			PipeBody body) {
		return context.getBean(PipeOperations.class).exchange(new PipeRequest(route, headers, body));
	}

	@Test
	void routesOfOneControllerHaveTheirHandlers() {
		this.runner.run((context) -> {
			assertThat(exchange(context, "stat", Map.of(":query", "name=x", "X-Tag", "t"), PipeBody.of("a.txt")).body()
				.text()).isEqualTo("POST a.txt name=x t " + System.getProperty("user.name"));
			assertThat(exchange(context, "read", Map.of(), PipeBody.empty()).body().text()).isEqualTo("0 bytes");
			assertThat(exchange(context, "later", Map.of(), PipeBody.empty()).body().text()).isEqualTo("later");
			assertThat(exchange(context, "nothing", Map.of(), PipeBody.empty()).headers()).containsEntry(":status",
					"204");
			PipeReply made = exchange(context, "make", Map.of(":method", "PUT"), PipeBody.empty());
			assertThat(made.headers()).containsEntry(":status", "201").containsEntry("location", "/read");
		});
	}

	@Test
	void payloadIsConvertedWhetherItHasALengthOrNot() {
		this.runner.run((context) -> {
			for (long length : new long[] { 2, PipeBody.UNKNOWN_LENGTH }) {
				assertThat(exchange(context, "double", Map.of(), body("21", length)).body().text()).isEqualTo("42");
			}
			for (String text : new String[] { "x", "\u00ff" }) {
				PipeBody body = PipeBody.of(text.getBytes(StandardCharsets.ISO_8859_1));
				assertRefused(Code.BAD_REQUEST, () -> exchange(context, "double", Map.of(), body));
			}
		});
	}

	private static PipeBody body(String text, long length) {
		return PipeBody.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), length, "The text");
	}

	@Test
	void failuresHaveTheirCodesAndNothingInternal() {
		this.runner.run((context) -> {
			assertRefused(Code.NOT_FOUND, () -> exchange(context, "nowhere", Map.of(), PipeBody.empty()))
				.withMessage("there is no handler for the route 'nowhere'");
			assertRefused(Code.INTERNAL, () -> exchange(context, "defect", Map.of(), PipeBody.empty()))
				.withMessageNotContaining("secret");
		});
	}

	private static ThrowableAssertAlternative<PipeRequestException> assertRefused(Code code, ThrowingCallable call) {
		return assertThatExceptionOfType(PipeRequestException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(code));
	}

	@PipeEndpoint("files")
	static class FileController {

		@PipeMapping("stat")
		String stat(@Payload String name, @Header(":method") String method, @Header(":query") String query,
				@Header("x-tag") String tag, PipePrincipal caller) {
			return String.join(" ", method, name, query, tag, caller.getName());
		}

		@PipeMapping("read")
		String read(PipeBody body) throws IOException {
			return body.bytes(10).length + " bytes";
		}

		@PipeMapping("double")
		String twice(@Payload int number) {
			return String.valueOf(2 * number);
		}

		@PipeMapping("later")
		CompletionStage<String> later(@Header(name = "x", required = false) @Nullable String absent) {
			return CompletableFuture.supplyAsync(() -> "later");
		}

		@PipeMapping("make")
		PipeReply make() {
			return new PipeReply(Map.of(":status", "201", "Location", "/read"), PipeBody.of("made"));
		}

		@PipeMapping("nothing")
		void nothing() {
		}

		@PipeMapping("defect")
		String defect() {
			throw new IllegalStateException("the secret of the server");
		}

	}

}
