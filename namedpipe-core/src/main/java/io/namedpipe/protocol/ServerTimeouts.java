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

import java.time.Duration;

/**
 * Time limits of a server's session. Zero is no limit.
 *
 * @param read time a client may take to send its first request, or the next part of a
 * body that is a stream
 * @param write time in which a client must take something of the greeting or a reply
 * @param request time a handler may take
 * @param idle time a connection may wait for its next request
 * @param total time from the first byte of a request to the last one of its reply
 * @since 0.1.0
 */
public record ServerTimeouts(Duration read, Duration write, Duration request, Duration idle, Duration total) {

	/** 30 s to read and to write, no limit for handlers, 5 min idle, no total limit. */
	public static final ServerTimeouts DEFAULTS = new ServerTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30),
			Duration.ZERO, Duration.ofMinutes(5), Duration.ZERO);

	public ServerTimeouts {
		requireNotNegative("read", read);
		requireNotNegative("write", write);
		requireNotNegative("request", request);
		requireNotNegative("idle", idle);
		requireNotNegative("total", total);
	}

	private static void requireNotNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("'%s' must not be negative".formatted(name));
		}
	}

	public ServerTimeouts withRead(Duration read) {
		return new ServerTimeouts(read, this.write, this.request, this.idle, this.total);
	}

	public ServerTimeouts withWrite(Duration write) {
		return new ServerTimeouts(this.read, write, this.request, this.idle, this.total);
	}

	public ServerTimeouts withRequest(Duration request) {
		return new ServerTimeouts(this.read, this.write, request, this.idle, this.total);
	}

	public ServerTimeouts withIdle(Duration idle) {
		return new ServerTimeouts(this.read, this.write, this.request, idle, this.total);
	}

	public ServerTimeouts withTotal(Duration total) {
		return new ServerTimeouts(this.read, this.write, this.request, this.idle, total);
	}

}
