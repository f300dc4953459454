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

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Results and payloads whose value comes later. JSON could be made of each, and would say
 * whether there is a value and not which.
 */
@Timeout(120)
class DeferredResultTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@ParameterizedTest
	@ValueSource(strings = { "stream-string", "http" })
	void resultWithoutAValueYetIsRefused(String protocol) {
		for (Class<?> endpoint : new Class<?>[] { FutureResult.class, CallableResult.class, SupplierResult.class,
				PublisherResult.class, StageOfStageResult.class, OptionalStageResult.class, FuturesResult.class }) {
			EndpointAssertions.assertRefused(this.runner.withPropertyValues("namedpipe.server.protocol=" + protocol)
				.withUserConfiguration(endpoint), endpoint.getName(), "has no value yet", "CompletionStage");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "later", "now", "never" })
	void methodWithoutAResultMayAnswerTheExchangeLater(String when) {
		this.runner.withUserConfiguration(AnsweredLater.class)
			.withPropertyValues("namedpipe.server.protocol=http")
			.run((context) -> {
				RawHttp.Reply reply = RawHttp.post(context, "/read", "text/plain", when);
				assertThat(reply.text()).isEqualTo(when.equals("never") ? "" : when);
				assertThat(reply.status()).isEqualTo(when.equals("never") ? 204 : 200);
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { FuturePayload.class, PublisherPayload.class })
	void payloadThatComesLaterIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), endpoint.getName(),
				"nothing turns a request into its parameter");
	}

	@PipeEndpoint("files")
	static class FutureResult {

		@PipeMapping
		Future<String> read(@Payload String text) {
			return new FutureTask<>(() -> text);
		}

	}

	@PipeEndpoint("files")
	static class CallableResult {

		@PipeMapping
		Callable<String> read(@Payload String text) {
			return () -> text;
		}

	}

	@PipeEndpoint("files")
	static class SupplierResult {

		@PipeMapping
		Supplier<String> read(@Payload String text) {
			return () -> text;
		}

	}

	@PipeEndpoint("files")
	static class PublisherResult {

		@PipeMapping
		Flow.Publisher<String> read(@Payload String text) {
			return new SubmissionPublisher<>();
		}

	}

	@PipeEndpoint("files")
	static class StageOfStageResult {

		@PipeMapping
		CompletionStage<CompletionStage<String>> read(@Payload String text) {
			return CompletableFuture.completedFuture(CompletableFuture.completedFuture(text));
		}

	}

	@PipeEndpoint("files")
	static class OptionalStageResult {

		@PipeMapping
		Optional<CompletionStage<String>> read(@Payload String text) {
			return Optional.empty();
		}

	}

	@PipeEndpoint("files")
	static class FuturesResult {

		@PipeMapping
		Map<String, Future<String>[]> read(@Payload String text) {
			return Map.of();
		}

	}

	@PipeEndpoint("files")
	static class AnsweredLater {

		@PipeMapping("read")
		void read(@Payload String when, PipeExchange exchange) {
			if (when.equals("later")) {
				exchange.defer();
				CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
					.execute(() -> exchange.reply(PipeReply.of(when)));
			}
			else if (when.equals("now")) {
				exchange.reply(PipeReply.of(when));
			}
		}

	}

	@PipeEndpoint("files")
	static class FuturePayload {

		@PipeMapping
		String read(@Payload CompletableFuture<String> text) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class PublisherPayload {

		@PipeMapping
		String read(@Payload Flow.Publisher<String> text) {
			return "";
		}

	}

}
