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
import java.io.InputStream;
import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;

/**
 * The reply to a request of one of Spring's clients.
 */
final class PipeClientHttpResponse implements ClientHttpResponse {

	private static final String SET_COOKIE = "set-cookie";

	private final int status;

	private final HttpHeaders headers = new HttpHeaders();

	private final PipeBody body;

	private final InputStream content;

	PipeClientHttpResponse(PipeReply reply) {
		this.status = Integer.parseInt(reply.headers().getOrDefault(HttpProtocol.STATUS, "200"));
		this.body = reply.body();
		this.content = this.body.stream();
		reply.headers().forEach((name, value) -> {
			if (!name.startsWith(":")) {
				// Cookies have commas.
				this.headers.put(name, name.equals(SET_COOKIE) ? List.of(value.split("\n")) : List.of(value));
			}
		});
		String length = reply.headers().get(HttpProtocol.CONTENT_LENGTH);
		if (length != null) {
			this.headers.setContentLength(Long.parseLong(length));
		}
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatusCode.valueOf(this.status);
	}

	@Override
	public String getStatusText() {
		HttpStatus known = HttpStatus.resolve(this.status);
		return (known != null) ? known.getReasonPhrase() : "";
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public InputStream getBody() {
		return this.content;
	}

	@Override
	public void close() {
		try {
			this.body.close();
		}
		catch (IOException ex) {
			// The connection is closed anyway.
		}
	}

}
