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

package io.namedpipe.protocol.http;

/**
 * The head of a response, checked.
 *
 * @param status the status, 100 to 599
 * @param reason the reason, may be empty
 * @param minorVersion 1 for HTTP/1.1, 0 for HTTP/1.0
 * @param headers the fields
 * @param bodyLength the length of the body that follows in bytes, 0 if there is none, or
 * {@link HttpFraming#CHUNKED}
 * @param keepAlive whether the connection can be used again
 */
record HttpResponseHead(int status, String reason, int minorVersion, HttpHeaders headers, long bodyLength,
		boolean keepAlive) {

	/**
	 * Whether another response to the same request follows.
	 * @return {@code true} for a status of 1xx
	 */
	boolean isInterim() {
		return this.status < 200;
	}

}
