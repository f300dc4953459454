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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.GenericMessage;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
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
 * The calls of a template: requests, results, and events of listeners.
 */
@Timeout(120)
class TemplateCallsTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	private final FakeClient client = new FakeClient();

	private final PipeTemplate template = this.client.template(UnaryOperator.identity(), Feature.ROUTES,
			Feature.HEADERS);

	@AfterEach
	void close() {
		this.template.close();
	}

	@Test
	void listenersAreToldWhatHappens() {
		this.client.answers.add((request) -> PipeReply.of("answer"));
		assertThat(this.template.requestFile("name")).isEqualTo("answer");
		assertThat(this.client.events).containsExactly("started name", "opened", "ended null");
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> {
			this.client.answers.add((request) -> FakeClient.fail(new PipeException("failed")));
			this.template.requestFile("other");
		});
		this.template.close();
		assertThat(this.client.events).containsExactly("started name", "opened", "ended null", "started other",
				"ended failed", "closed");
	}

	@Test
	void durationOfAnExchangeIsTold() {
		List<Duration> durations = new ArrayList<>();
		PipeTemplate timed = this.client.template((builder) -> builder.listeners(List.of(new PipeClientListener() {

			@Override
			public void exchangeEnded(PipeAddress of, PipeRequest request, @Nullable RuntimeException failure,
					Duration duration) {
				durations.add(duration);
			}

		})));
		this.client.answers.add((request) -> PipeReply.empty());
		long before = System.nanoTime();
		timed.exchange(PipeRequest.of("x"));
		assertThat(durations.get(0)).isPositive().isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
		timed.close();
	}

	@Test
	void whatTheProtocolCannotCarryIsRefused() {
		try (PipeTemplate plain = this.client.template(UnaryOperator.identity())) {
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> plain.route("route").retrieve(String.class))
				.withMessage("The protocol 'fake' has no routes");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> plain.route("").header("name", "value").retrieve(String.class))
				.withMessage("The protocol 'fake' has no headers, methods and queries");
		}
		assertThat(this.client.channels).isEmpty();
	}

	@Test
	void callbackHasAConnectionOfItsOwn() {
		assertThat(this.template.<Boolean>execute((channel) -> {
			assertThat(this.client.events).containsExactly("opened");
			channel.write(Pipes.bytes(1));
			return channel.isOpen();
		})).isTrue();
		assertThat(this.client.channels.get(0).written()).containsExactly(1);
		assertThat(this.client.channels.get(0).isOpen()).isFalse();
		assertThat(this.client.events).containsExactly("opened", "closed");
		PipeException own = new PipeException("own");
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> this.template.execute((channel) -> FakeClient.fail(own)))
			.isSameAs(own);
		assertThat(this.client.channels.get(1).isOpen()).isFalse();
	}

	@Test
	void callbackHasTheTimeOfARequest() {
		for (UnaryOperator<PipeTemplateBuilder> limit : List.<UnaryOperator<PipeTemplateBuilder>>of(
				(builder) -> builder.requestTimeout(SHORT), (builder) -> builder.totalTimeout(SHORT))) {
			try (PipeTemplate limited = this.client.template(limit)) {
				assertThatExceptionOfType(PipeTimeoutException.class)
					.isThrownBy(() -> limited.execute((channel) -> channel.read(ByteBuffer.allocate(1))))
					.withMessageContaining("The request to the pipe '%s' took longer than 50 ms", this.client.address);
			}
		}
	}

	@Test
	void exchangeHasTheTotalTime() {
		try (PipeTemplate limited = this.client.template((builder) -> builder.totalTimeout(SHORT))) {
			this.client.answers.add((request) -> {
				await().until(() -> !this.client.channels.get(0).isOpen());
				return FakeClient.fail(new PipeClosedException("closed"));
			});
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> limited.requestFile("x"));
			await().until(() -> this.client.events.contains("closed"));
		}
	}

	@Test
	void timesAreNotNegative() {
		Duration negative = Duration.ofNanos(-1);
		PipeTemplateBuilder builder = this.client.builder(null);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(negative))
			.withMessage("'requestTimeout' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.totalTimeout(negative))
			.withMessage("'totalTimeout' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.route("x").timeout(negative))
			.withMessage("'timeout' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> new PipePoolOptions(0, SHORT, SHORT))
			.withMessage("'maxSize' must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> new PipePoolOptions(1, negative, SHORT))
			.withMessage("'maxIdleTime' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> new PipePoolOptions(1, SHORT, negative))
			.withMessage("'acquireTimeout' must not be negative");
		assertThat(new PipePoolOptions(1, Duration.ZERO, Duration.ZERO).maxSize()).isOne();
	}

	@Test
	void replyOfACancelledCallIsClosed(@TempDir Path folder) throws Exception {
		Path source = Files.createFile(folder.resolve("source"));
		for (Function<PipeRequestSpec.Async, CompletableFuture<?>> call : List.<Function<PipeRequestSpec.Async, CompletableFuture<?>>>of(
				PipeRequestSpec.Async::exchange, PipeRequestSpec.Async::body,
				(async) -> async.upload(InputStream.nullInputStream()), (async) -> async.upload(source))) {
			CountDownLatch asked = new CountDownLatch(1);
			CountDownLatch cancelled = new CountDownLatch(1);
			CompletableFuture<Boolean> closed = new CompletableFuture<>();
			this.client.answers.add((request) -> {
				asked.countDown();
				awaitUninterruptibly(cancelled);
				close(request.body());
				return PipeReply.of(PipeBody.of(new ByteArrayInputStream(new byte[1]) {

					@Override
					public void close() {
						closed.complete(true);
					}

				}, 1, "The stream"));
			});
			CompletableFuture<?> future = call.apply(this.template.route("x").async());
			asked.await();
			future.cancel(true);
			cancelled.countDown();
			assertThat(Background.get(closed)).isTrue();
		}
	}

	private static void close(PipeBody body) {
		try {
			body.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void contentThatCannotBeSentIsClosed() {
		AtomicInteger closed = new AtomicInteger();
		InputStream content = new ByteArrayInputStream(new byte[1]) {

			@Override
			public void close() {
				closed.incrementAndGet();
			}

		};
		this.client.answers.add((request) -> FakeClient.fail(new PipeException("failed")));
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> this.template.route("x").upload(content));
		assertThat(closed).hasValue(1);
		PipeTemplate plain = this.client.template(UnaryOperator.identity());
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> plain.route("x").upload(content));
		assertThat(closed).hasValue(2);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (latch.getCount() > 0) {
			Thread.onSpinWait();
		}
	}

	@Test
	void downloadsAreToldApartByAllThatMakesTheRequest(@TempDir Path folder) throws Exception {
		this.client.answers.add((request) -> PipeReply.of(PipeBody.of(new byte[] { 1, 2 })));
		this.template.route("x").download(folder.resolve("file"));
		assertThat(Files.readAllBytes(folder.resolve("file"))).containsExactly(1, 2);
		this.client.answers.add((request) -> PipeReply.of("text"));
		this.template.route("x").async().download(folder.resolve("other")).join();
		assertThat(folder.resolve("other")).hasContent("text");
		List<String> identities = new ArrayList<>();
		for (DefaultPipeRequestSpec spec : List
			.of(spec("x"), spec("y"), spec("x").header("Name", "a"), spec("x").payload("text"),
					spec("x").payload(new byte[] { 1 }), spec("x").payload(new byte[] { 2 }))
			.stream()
			.map((each) -> (DefaultPipeRequestSpec) each)
			.toList()) {
			assertThat(spec.identity()).isEqualTo(spec.identity()).contains(this.client.address.toString());
			identities.add(spec.identity());
		}
		assertThat(identities).doesNotHaveDuplicates();
		DefaultPipeRequestSpec stream = (DefaultPipeRequestSpec) spec("x").payload(InputStream.nullInputStream());
		assertThat(stream.identity()).isNotEqualTo(stream.identity());
		this.client.answers.add((request) -> PipeReply.of("text"));
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> this.template.route("x").download(folder.resolve("missing/file")));
	}

	private PipeRequestSpec spec(String route) {
		return this.template.route(route);
	}

	@Test
	void convertersGetTheContentTypeAndSayTheirOwn() {
		List<Object> types = new ArrayList<>();
		MessageConverter converter = new MessageConverter() {

			@Override
			public Object fromMessage(Message<?> message, Class<?> target) {
				types.add(message.getHeaders().get(MessageHeaders.CONTENT_TYPE));
				return (target == Integer.class) ? 7 : null;
			}

			@Override
			public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
				types.add(headers.get(MessageHeaders.CONTENT_TYPE));
				return (payload instanceof Integer)
						? new GenericMessage<>("number", Map.of(MessageHeaders.CONTENT_TYPE, "text/number")) : null;
			}

		};
		try (PipeTemplate converting = this.client.template((builder) -> builder.messageConverters(List.of(converter)),
				Feature.HEADERS)) {
			List<String> sent = new ArrayList<>();
			this.client.answers.add((request) -> {
				sent.add(request.headers().get("content-type") + " " + request.body().text() + " "
						+ request.headers().get("accept"));
				return new PipeReply(Map.of("content-type", "text/answer"), PipeBody.of(new byte[1]));
			});
			assertThat(converting.route("").header("Content-Type", "text/given").payload(5).retrieve(Integer.class))
				.isEqualTo(7);
			// What this converter accepts is not known.
			assertThat(sent).containsExactly("text/number number null");
			assertThat(types).containsExactly("text/given", "text/answer");
			this.client.answers.add((request) -> PipeReply.of(PipeBody.of(new byte[1])));
			assertThatExceptionOfType(MessageConversionException.class)
				.isThrownBy(() -> converting.route("").retrieve(Thread.class));
			assertThat(types).endsWith((Object) null);
		}
	}

	@Test
	void uploadIsAPutWhereRequestsHaveMethods() {
		List<String> methods = new ArrayList<>();
		Function<PipeRequest, PipeReply> answer = (request) -> {
			methods.add(String.valueOf(request.headers().get(HttpProtocol.METHOD)));
			return PipeReply.empty();
		};
		this.client.answers.addAll(List.of(answer, answer, answer));
		this.template.route("x").upload(InputStream.nullInputStream());
		this.template.route("x").method("post").upload(InputStream.nullInputStream());
		try (PipeTemplate plain = this.client.template(UnaryOperator.identity())) {
			plain.route("").upload(InputStream.nullInputStream());
		}
		assertThat(methods).containsExactly("PUT", "POST", "null");
	}

	@Test
	void converterCanTellTypesApartByTheirHints() {
		List<Object> hints = new ArrayList<>();
		MessageConverter converter = new SmartMessageConverter() {

			@Override
			public Object fromMessage(Message<?> message, Class<?> target) {
				throw new UnsupportedOperationException();
			}

			@Override
			public Object fromMessage(Message<?> message, Class<?> target, @Nullable Object hint) {
				hints.add(hint);
				return List.of();
			}

			@Override
			public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
				return null;
			}

			@Override
			public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers,
					@Nullable Object hint) {
				return null;
			}

		};
		try (PipeTemplate converting = this.client
			.template((builder) -> builder.messageConverters(List.of(converter)))) {
			for (ParameterizedTypeReference<?> type : List.of(new ParameterizedTypeReference<List<String>>() {
			}, new ParameterizedTypeReference<List<String>>() {
			}, new ParameterizedTypeReference<List<Integer>>() {
			})) {
				this.client.answers.add((request) -> PipeReply.of(PipeBody.of(new byte[1])));
				converting.route("").retrieve(type);
			}
		}
		assertThat(hints).hasSize(3);
		assertThat(hints.get(0)).isEqualTo(hints.get(1)).hasSameHashCodeAs(hints.get(1));
		assertThat(hints.get(0)).isNotEqualTo(hints.get(2)).isNotEqualTo("");
		assertThat(hints.get(0).hashCode()).isNotEqualTo(hints.get(2).hashCode());
	}

}
