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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A handler that ends its application.
 */
@Timeout(120)
class ClosingHandlerTests {

	private final String pipe = Pipes.uniqueName();

	private final ApplicationContextRunner runner = PipeRunner.create().withPropertyValues("test.pipe=" + this.pipe);

	@Test
	void applicationThatAHandlerClosesDoesNotWaitForTheHandler() {
		this.runner.withUserConfiguration(Closing.class).run((context) -> {
			long start = System.nanoTime();
			PipeRunner.ask(context, this.pipe, "close");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			// The pipe is closed before its application.
			await().until(() -> !context.getSourceApplicationContext().isActive());
		});
	}

	@Test
	void replyOfTheHandlerThatClosesTheApplicationIsSent() {
		this.runner.withPropertyValues("namedpipe.transport=auto")
			.withUserConfiguration(Closing.class)
			.run((context) -> {
				PipeTransport transport = context.getBean(PipeTransport.class);
				try (PipeTemplate template = PipeTemplate.builder(transport)
					.address(PipeAddress.of(this.pipe))
					.build()) {
					assertThat(template.requestFile("close")).isEqualTo("closed by close");
				}
			});
	}

	@Test
	void threadThatTheRequestIsBoundToIsNotWaitedFor() {
		this.runner.withPropertyValues("namedpipe.transport=auto")
			.withUserConfiguration(Later.class, ClosingInterceptor.class)
			.run((context) -> {
				long start = System.nanoTime();
				PipeTransport transport = context.getBean(PipeTransport.class);
				try (PipeTemplate template = PipeTemplate.builder(transport)
					.address(PipeAddress.of(this.pipe))
					.build()) {
					assertThat(template.requestFile("close")).isEqualTo("close later");
				}
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
				assertThat(context.getSourceApplicationContext().isActive()).isFalse();
			});
	}

	@PipeEndpoint("${test.pipe}")
	static class Later {

		@PipeMapping
		CompletionStage<String> close(@Payload String text) {
			return CompletableFuture.supplyAsync(() -> text + " later",
					CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
		}

	}

	/**
	 * Closes the application when a result is there that has come later.
	 */
	static class ClosingInterceptor implements PipeExchangeInterceptor {

		private final ConfigurableApplicationContext context;

		ClosingInterceptor(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@Override
		public @Nullable Object intercept(PipeExchange exchange, Chain chain) throws Exception {
			Object result = chain.proceed();
			if (exchange.isDeferred()) {
				this.context.close();
			}
			return result;
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class Closing {

		private final ConfigurableApplicationContext context;

		Closing(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@PipeMapping
		String close(@Payload String text) {
			this.context.close();
			return "closed by " + text;
		}

	}

}
