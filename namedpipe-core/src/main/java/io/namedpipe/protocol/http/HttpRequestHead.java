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

import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked.
 *
 * @param method the method, as it was sent
 * @param target the target, in origin or absolute form
 * @param path the path, not decoded, so that an escaped slash does not separate;
 * {@link HttpUris#decode} decodes it or a part of it
 * @param query the query, not decoded, {@code null} if there is none
 * @param minorVersion 1 for HTTP/1.1, 0 for HTTP/1.0
 * @param headers the fields
 * @param bodyLength the length of the body in bytes, 0 if there is none, or
 * {@link HttpFraming#CHUNKED}
 * @param keepAlive whether the client wants to use the connection again
 * @param expectsContinue whether the client waits for a {@code 100} before it sends the
 * body
 */
record HttpRequestHead(String method, String target, String path, @Nullable String query, int minorVersion,
		HttpHeaders headers, long bodyLength, boolean keepAlive, boolean expectsContinue) {

}
