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

package io.namedpipe.protocol;

import java.util.Map;

import io.namedpipe.transport.LogText;

/**
 * A request. Server and client use the same type.
 *
 * @param route the name of the handler; empty in a protocol without routes
 * @param headers the headers; empty in a protocol without headers
 * @param body the content
 * @since 0.1.0
 */
public record PipeRequest(String route, Map<String, String> headers, PipeBody body) {

	public PipeRequest {
		headers = Map.copyOf(headers);
	}

	/**
	 * Make a request without a route and headers.
	 * @param body the content
	 * @return the request
	 */
	public static PipeRequest of(PipeBody body) {
		return new PipeRequest("", Map.of(), body);
	}

	/**
	 * Make a request from a text, without a route and headers.
	 * @param text the text
	 * @return the request
	 */
	public static PipeRequest of(String text) {
		return of(PipeBody.of(text));
	}

	/**
	 * For logs: the route and the names of the headers, and nothing of the content.
	 */
	@Override
	public String toString() {
		return "PipeRequest[route '%s', headers %s, %s]".formatted(LogText.of(this.route),
				LogText.of(this.headers.keySet().toString()), this.body);
	}

}
