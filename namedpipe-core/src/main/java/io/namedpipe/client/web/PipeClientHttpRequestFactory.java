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

import java.net.URI;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.protocol.http.HttpProtocol;

/**
 * Lets {@code RestClient}, and interfaces with {@code @HttpExchange}, call one pipe over
 * HTTP: a server of this library, or any other one that speaks HTTP/1.1 on a pipe or a
 * Unix-domain socket. Every URL goes to that pipe, whatever its host:
 * {@code http://pipe/x} and {@code /x} are the same. Bodies are streamed both ways, and
 * connections kept, as by {@link PipeTemplate}; redirects are not followed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PipeClientHttpRequestFactory implements ClientHttpRequestFactory, AutoCloseable {

	private final PipeTemplate template;

	/**
	 * Create the factory.
	 * @param builder has the address of the pipe, the time-outs and the limits; its
	 * protocol is not used
	 */
	public PipeClientHttpRequestFactory(PipeTemplateBuilder builder) {
		this.template = builder.protocol(HttpProtocol.withFailuresAsReplies()).build();
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
		return new PipeClientHttpRequest(this.template, uri, method);
	}

	/**
	 * Close the connections. Requests that are under way fail.
	 */
	@Override
	public void close() {
		this.template.close();
	}

	@Override
	public String toString() {
		return "PipeClientHttpRequestFactory[%s]".formatted(this.template.address());
	}

}
