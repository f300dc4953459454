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
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.http.HttpProtocol;

/**
 * Collects the parts of a request of a {@link PipeTemplate}.
 */
final class DefaultPipeRequestSpec implements PipeRequestSpec {

	private static final Set<Type> UNCONVERTED = Set.of(String.class, byte[].class, Void.class);

	private final PipeTemplate template;

	private final PayloadConversion conversion;

	private final String route;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private PipeBody body = PipeBody.empty();

	private Duration timeout;

	private @Nullable PipeProgressListener listener;

	private boolean resume;

	DefaultPipeRequestSpec(PipeTemplate template, PayloadConversion conversion, String route, Duration timeout) {
		this.template = template;
		this.conversion = conversion;
		this.route = route;
		this.timeout = timeout;
	}

	@Override
	public PipeRequestSpec method(String method) {
		return header(HttpProtocol.METHOD, method.toUpperCase(Locale.ROOT));
	}

	@Override
	public PipeRequestSpec query(String name, Object value) {
		String parameter = encode(name) + "=" + encode(value.toString());
		this.headers.merge(HttpProtocol.QUERY, parameter, (before, next) -> before + "&" + next);
		return this;
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	@Override
	public PipeRequestSpec header(String name, String value) {
		this.headers.put(name.toLowerCase(Locale.ROOT), value);
		return this;
	}

	@Override
	public PipeRequestSpec payload(Object payload) {
		this.body = this.conversion.toBody(payload,
				this.template.has(Feature.HEADERS) ? this.headers : new LinkedHashMap<>());
		return this;
	}

	@Override
	public PipeRequestSpec timeout(Duration timeout) {
		Assert.isTrue(!timeout.isNegative(), "'timeout' must not be negative");
		this.timeout = timeout;
		return this;
	}

	@Override
	public PipeRequestSpec progress(PipeProgressListener listener) {
		this.listener = listener;
		return this;
	}

	@Override
	public PipeRequestSpec resume(boolean resume) {
		this.resume = resume;
		return this;
	}

	@Override
	public <T> @Nullable T retrieve(Class<T> type) {
		return type.cast(retrieve((Type) type));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T retrieve(ParameterizedTypeReference<T> type) {
		return (T) retrieve(type.getType());
	}

	private @Nullable Object retrieve(Type type) {
		// A result that needs no converter may have any content type.
		String accepted = UNCONVERTED.contains(type) ? null : this.conversion.accepted();
		if (accepted != null && this.template.has(Feature.HEADERS)) {
			this.headers.putIfAbsent("accept", accepted);
		}
		return this.conversion.fromReply(PayloadConversion.requireContent(exchange()), type);
	}

	@Override
	public InputStream body() {
		return PayloadConversion.requireContent(exchange()).body().stream();
	}

	@Override
	public PipeReply exchange() {
		return this.template.exchange(new PipeRequest(this.route, this.headers, this.body), this.timeout);
	}

	@Override
	public void download(Path target) {
		try {
			new Download(target, identity(), this.listener).run(this.resume, (range) -> {
				Map<String, String> all = new LinkedHashMap<>(this.headers);
				all.putAll(range);
				return this.template.exchange(new PipeRequest(this.route, all, this.body), this.timeout);
			});
		}
		catch (IOException ex) {
			throw PayloadConversion.failure(ex);
		}
	}

	// Distinguishes the request from all others. No two streams are the same.
	String identity() {
		String text = this.body.text();
		try {
			if (text == null) {
				text = this.body.isStream() ? UUID.randomUUID().toString()
						: UUID.nameUUIDFromBytes(this.body.bytes(Integer.MAX_VALUE)).toString();
			}
		}
		catch (IOException ex) {
			throw PayloadConversion.failure(ex);
		}
		return String.join("\n", this.template.address().toString(), this.route, new TreeMap<>(this.headers).toString(),
				text);
	}

	@Override
	public PipeReply upload(Path source) {
		return upload((Object) source);
	}

	@Override
	public PipeReply upload(InputStream source) {
		return upload((Object) source);
	}

	private PipeReply upload(Object source) {
		if (this.template.has(Feature.HEADERS)) {
			this.headers.putIfAbsent(HttpProtocol.METHOD, "PUT");
		}
		payload(source);
		if (this.listener != null) {
			this.body = PipeBody.of(
					new TransferProgress(this.listener, 0, this.body.length()).counting(this.body.stream()),
					this.body.length(), this.body.description());
		}
		return PayloadConversion.requireContent(exchange());
	}

	@Override
	public Async async() {
		return new AsyncSpec();
	}

	/**
	 * The same on another thread.
	 */
	private final class AsyncSpec implements Async {

		@Override
		public <T> CompletableFuture<@Nullable T> retrieve(Class<T> type) {
			return this.<@Nullable T>call(() -> DefaultPipeRequestSpec.this.retrieve(type));
		}

		@Override
		public <T> CompletableFuture<@Nullable T> retrieve(ParameterizedTypeReference<T> type) {
			return this.<@Nullable T>call(() -> DefaultPipeRequestSpec.this.retrieve(type));
		}

		@Override
		public CompletableFuture<InputStream> body() {
			return call(DefaultPipeRequestSpec.this::body);
		}

		@Override
		public CompletableFuture<PipeReply> exchange() {
			return call(DefaultPipeRequestSpec.this::exchange);
		}

		@Override
		public CompletableFuture<@Nullable Void> download(Path target) {
			return this.<@Nullable Void>call(() -> {
				DefaultPipeRequestSpec.this.download(target);
				return null;
			});
		}

		@Override
		public CompletableFuture<PipeReply> upload(Path source) {
			return call(() -> DefaultPipeRequestSpec.this.upload(source));
		}

		@Override
		public CompletableFuture<PipeReply> upload(InputStream source) {
			return call(() -> DefaultPipeRequestSpec.this.upload(source));
		}

		private <T extends @Nullable Object> CompletableFuture<T> call(Callable<T> call) {
			return DefaultPipeRequestSpec.this.template.call(call, AsyncSpec::discard);
		}

		private static void discard(@Nullable Object late) {
			Object content = (late instanceof PipeReply reply) ? reply.body() : late;
			if (content instanceof AutoCloseable open) {
				try {
					open.close();
				}
				catch (Exception ex) {
					// Nobody waits for it.
				}
			}
		}

	}

}
