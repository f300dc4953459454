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

package io.namedpipe.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the http protocol for the requests of clients.
 *
 * @param maxHeadSize Maximum size of the head of a request: its first line and its
 * headers. By default 16KB.
 * @param maxLineSize Maximum size of the first line of a request, and of each header. By
 * default 8KB.
 * @param maxHeaders Maximum number of headers of a request. By default 100.
 * @param maxBodySize Maximum size of the body of a request. By default no limit.
 * @param maxDrainedSize Maximum size of the rest of a body that a handler has not read
 * and that is read to keep the connection. By default 64KB.
 * @param minBodyRate Minimum number of bytes of a body in a second, after the first five
 * seconds. By default 240B; zero for no limit.
 * @since 0.1.0
 */
public record HttpProperties(@Nullable DataSize maxHeadSize, @Nullable DataSize maxLineSize,
		@Nullable Integer maxHeaders, @Nullable DataSize maxBodySize, @Nullable DataSize maxDrainedSize,
		@Nullable DataSize minBodyRate) {

	/**
	 * Look up a setting as the protocol reads it.
	 * @param setting the name, with the prefix of the protocol
	 * @return a number, {@code null} if it is not set
	 */
	@Nullable String get(String setting) {
		Object value = switch (setting) {
			case "http.max-head-size" -> this.maxHeadSize;
			case "http.max-line-size" -> this.maxLineSize;
			case "http.max-headers" -> this.maxHeaders;
			case "http.max-body-size" -> this.maxBodySize;
			case "http.max-drained-size" -> this.maxDrainedSize;
			case "http.min-body-rate" -> this.minBodyRate;
			default -> null;
		};
		if (value instanceof DataSize size) {
			return String.valueOf(size.toBytes());
		}
		return (value != null) ? value.toString() : null;
	}

}
