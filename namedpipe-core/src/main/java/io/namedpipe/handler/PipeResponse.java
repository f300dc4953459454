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

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The result of a handler with a status and headers, in a protocol that has them.
 *
 * @param status the status, 200 to 599
 * @param headers the headers; a {@code Content-Type} among them is the type of the body
 * @param body what the handler could return without this: an object to be converted, a
 * text, bytes, a file, a stream; {@code null} for nothing
 * @since 0.1.0
 */
public record PipeResponse(int status, Map<String, String> headers, @Nullable Object body) {

	/**
	 * Create a response.
	 * @param status the status, 200 to 599
	 * @param headers the headers
	 * @param body the body
	 */
	public PipeResponse {
		if (status < 200 || status > 599) {
			throw new IllegalArgumentException("The status is not a number from 200 to 599: " + status);
		}
		headers = Map.copyOf(headers);
	}

	/**
	 * Make a response without headers.
	 * @param status the status, 200 to 599
	 * @param body the body, {@code null} for nothing
	 * @return the response
	 */
	public static PipeResponse of(int status, @Nullable Object body) {
		return new PipeResponse(status, Map.of(), body);
	}

	/**
	 * Add a header, or replace it.
	 * @param name the name
	 * @param value the value
	 * @return a response with the header
	 */
	public PipeResponse header(String name, String value) {
		Map<String, String> changed = new HashMap<>(this.headers);
		changed.keySet().removeIf(name::equalsIgnoreCase);
		changed.put(name, value);
		return new PipeResponse(this.status, changed, this.body);
	}

}
