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
 * A request, the same at both sides.
 *
 * @param route names the handler that it is for; empty where the protocol has no routes
 * @param headers the headers; empty where the protocol has none
 * @param body what is sent along
 * @since 0.1.0
 */
public record PipeRequest(String route, Map<String, String> headers, PipeBody body) {

	public PipeRequest {
		headers = Map.copyOf(headers);
	}

	/**
	 * A request without a route and headers.
	 * @param body what is sent
	 * @return the request
	 */
	public static PipeRequest of(PipeBody body) {
		return new PipeRequest("", Map.of(), body);
	}

	/**
	 * A request that is a text.
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
