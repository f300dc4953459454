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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;

import io.namedpipe.annotation.PipeAdvice;
import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exceptions of handlers, and the methods that handle them.
 */
class PipeAdviceTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withUserConfiguration(Throwing.class, LateAdvice.class, EarlyAdvice.class, ScopedAdvice.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/own | 200 | handled by the class", "/advised | 409 | handled by the first advice",
					"/late | 200 | handled by the second advice", "/scoped | 200 | handled by the scoped advice",
					"/both | 200 | handled by the first advice, which has the order 1",
					"/unhandled | 500 | the server failed to handle the request",
					"/io | 500 | the server failed to handle the request", "/missing | 404 | no such file",
					"/adviceFails | 403 | not yours", "/ownStage | 200 | handled by the class" })
	void exceptionsAreHandledByTheClassAndThenByAdvices(String target, int status, String text) {
		this.runner.run((context) -> {
			Reply reply = RawHttp.call(context, "GET " + target);
			assertThat(reply.status()).isEqualTo(status);
			assertThat(reply.text()).contains(text).doesNotContain("secret");
		});
	}

	@Test
	void adviceThatCannotWorkIsAnErrorAtStartUp() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(BadAdvice.class), "BadAdvice.handle",
				"static");
	}

	@PipeAdvice
	@Order(2)
	static class LateAdvice {

		@MessageExceptionHandler
		String handle(ArrayStoreException ex) {
			return "handled by the second advice, which has the order 2";
		}

		@MessageExceptionHandler
		String handle(IllegalStateException ex) {
			return "handled by the second advice";
		}

	}

	@PipeAdvice
	@Order(1)
	static class EarlyAdvice {

		@MessageExceptionHandler
		String handle(ArrayStoreException ex) {
			return "handled by the first advice, which has the order 1";
		}

		@MessageExceptionHandler
		PipeResponse handle(UnsupportedOperationException ex) {
			return PipeResponse.of(409, "handled by the first advice");
		}

		@MessageExceptionHandler
		PipeFailure handle(ArithmeticException ex) {
			return new PipeFailure(Code.ACCESS_DENIED, "not yours");
		}

	}

	@PipeAdvice
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedAdvice implements Runnable {

		@MessageExceptionHandler
		String handle(ClassCastException ex) {
			return "handled by the scoped advice";
		}

		@Override
		public void run() {
		}

	}

	@PipeAdvice
	static class BadAdvice {

		@MessageExceptionHandler
		static String handle(IllegalStateException ex) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class Throwing {

		@PipeMapping("own")
		String own() {
			throw new IllegalArgumentException("secret");
		}

		@PipeMapping("ownStage")
		CompletionStage<String> ownStage() {
			return CompletableFuture.failedStage(new IllegalArgumentException("secret"));
		}

		@MessageExceptionHandler
		String handle(IllegalArgumentException ex) {
			return "handled by the class";
		}

		@PipeMapping("advised")
		String advised() {
			throw new UnsupportedOperationException("secret");
		}

		@PipeMapping("both")
		String both() {
			throw new ArrayStoreException("secret");
		}

		@PipeMapping("scoped")
		String scoped() {
			throw new ClassCastException("secret");
		}

		@PipeMapping("late")
		String late() {
			throw new IllegalStateException("secret");
		}

		@PipeMapping("unhandled")
		String unhandled() {
			throw new IndexOutOfBoundsException("secret");
		}

		@PipeMapping("io")
		String io() throws IOException {
			throw new IOException("secret");
		}

		@PipeMapping("missing")
		String missing() throws IOException {
			throw new FileNotFoundException("/secret/file (No such file or directory)");
		}

		@PipeMapping("adviceFails")
		String adviceFails() {
			throw new ArithmeticException("secret");
		}

	}

}
