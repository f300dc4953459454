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

/**
 * The successful answer to a request. Server and client use the same type.
 *
 * @param headers the headers; empty in a protocol without headers
 * @param body the content
 * @since 0.1.0
 */
public record PipeReply(Map<String, String> headers, PipeBody body) {

	private static final PipeReply EMPTY = of(PipeBody.empty());

	public PipeReply {
		headers = Map.copyOf(headers);
	}

	/**
	 * Make a reply without headers.
	 * @param body the content
	 * @return the reply
	 */
	public static PipeReply of(PipeBody body) {
		return new PipeReply(Map.of(), body);
	}

	/**
	 * Make a reply from a text.
	 * @param text the text
	 * @return the reply
	 */
	public static PipeReply of(String text) {
		return of(PipeBody.of(text));
	}

	/**
	 * Make a reply without content.
	 * @return the reply
	 */
	public static PipeReply empty() {
		return EMPTY;
	}

}
