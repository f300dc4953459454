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

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.FastByteArrayOutputStream;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeException;

/**
 * A request of one of Spring's clients.
 */
final class PipeClientHttpRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {

	/** The largest body of a known length that is collected before it is sent. */
	private static final int SMALL_BYTES = 64 * 1024;

	private final PipeTemplate template;

	private final URI uri;

	private final HttpMethod method;

	private @Nullable FastByteArrayOutputStream collected;

	private @Nullable Body body;

	PipeClientHttpRequest(PipeTemplate template, URI uri, HttpMethod method) {
		this.template = template;
		this.uri = uri;
		this.method = method;
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	protected OutputStream getBodyInternal(HttpHeaders headers) {
		FastByteArrayOutputStream bytes = this.collected;
		if (bytes == null) {
			bytes = new FastByteArrayOutputStream();
			this.collected = bytes;
		}
		return bytes;
	}

	@Override
	public void setBody(Body body) {
		assertNotExecuted();
		this.body = body;
	}

	@Override
	protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
		PipeBody content = content(headers.getContentLength());
		try {
			PipeReply reply = this.template.exchange(new PipeRequest(route(), fields(headers), content));
			return new PipeClientHttpResponse(reply);
		}
		catch (PipeException | UncheckedIOException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	private PipeBody content(long length) throws IOException {
		Body streamed = this.body;
		if (streamed != null && (length > SMALL_BYTES || (length < 0 && !streamed.repeatable()))) {
			return PipeBody.of(streamed::writeTo);
		}
		if (streamed != null) {
			// Has a length then, and can be sent again on another connection.
			streamed.writeTo(getBodyInternal(getHeaders()));
		}
		FastByteArrayOutputStream bytes = this.collected;
		return (bytes != null && bytes.size() > 0) ? PipeBody.of(bytes.toByteArrayUnsafe()) : PipeBody.empty();
	}

	private String route() {
		String path = this.uri.getPath();
		return (path != null && path.startsWith("/")) ? path.substring(1) : "";
	}

	private Map<String, String> fields(HttpHeaders headers) {
		Map<String, String> fields = new HashMap<>();
		headers.forEach((name, values) -> {
			String key = name.toLowerCase(Locale.ROOT);
			if (!HttpProtocol.CONNECTION_HEADERS.contains(key)) {
				fields.put(key, String.join(key.equals("cookie") ? "; " : ", ", values));
			}
		});
		fields.put(HttpProtocol.METHOD, this.method.name());
		String path = this.uri.getRawPath();
		if (path != null && path.length() > 1) {
			fields.put(HttpProtocol.PATH, path.substring(1));
		}
		if (this.uri.getRawQuery() != null) {
			fields.put(HttpProtocol.QUERY, this.uri.getRawQuery());
		}
		if (this.uri.getHost() != null) {
			fields.putIfAbsent("host",
					(this.uri.getPort() < 0) ? this.uri.getHost() : this.uri.getHost() + ":" + this.uri.getPort());
		}
		return fields;
	}

}
