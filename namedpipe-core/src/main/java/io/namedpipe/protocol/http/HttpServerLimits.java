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

import io.namedpipe.protocol.PipeProtocolFactory;

/**
 * The limits that a server sets for a client.
 *
 * @param messages the limits of each request
 * @param drainedBytes the largest rest of a body that is read to keep the connection
 * @param minBodyRate the slowest body, in bytes per second; 0 for no limit
 */
record HttpServerLimits(HttpLimits messages, int drainedBytes, int minBodyRate) {

	static final HttpServerLimits DEFAULTS = new HttpServerLimits(HttpLimits.DEFAULTS, 64 * 1024, 240);

	/**
	 * Read the limits.
	 * @param settings the settings of a pipe
	 * @return the limits, the default for each that is not set
	 * @throws IllegalArgumentException if one is not a number, or out of range
	 */
	static HttpServerLimits of(PipeProtocolFactory.Settings settings) {
		HttpLimits defaults = DEFAULTS.messages;
		int line = (int) number(settings, "max-line-size", defaults.startLineBytes());
		HttpLimits messages = new HttpLimits((int) number(settings, "max-head-size", defaults.headBytes()), line, line,
				(int) number(settings, "max-headers", defaults.fields()), defaults.emptyLines(),
				defaults.interimResponses(), number(settings, "max-body-size", defaults.bodyBytes()),
				defaults.chunkExtensionBytes(), defaults.trailerBytes());
		return new HttpServerLimits(messages, (int) number(settings, "max-drained-size", DEFAULTS.drainedBytes),
				(int) number(settings, "min-body-rate", DEFAULTS.minBodyRate));
	}

	private static long number(PipeProtocolFactory.Settings settings, String name, long defaultValue) {
		String value = settings.get("http." + name);
		if (value == null) {
			return defaultValue;
		}
		long number = HttpChars.number(value);
		if (number < 0 || (number > Integer.MAX_VALUE && !name.equals("max-body-size"))) {
			throw new IllegalArgumentException("'http.%s' is not a number of bytes".formatted(name));
		}
		return number;
	}

}
