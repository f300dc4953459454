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

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Bodies that are too slow, and the settings of the server's limits.
 */
class BodyRateTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	@Test
	void bodyThatDripsIsRefusedAfterTheFirstSeconds() {
		BodyRate rate = new BodyRate(240);
		for (int second = 0; second < 5; second++) {
			rate.received(1, SECOND);
		}
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> rate.received(1, SECOND))
			.withMessageContaining("240 bytes a second");
	}

	@Test
	void bodyAtTheRateIsTaken() {
		BodyRate rate = new BodyRate(240);
		for (int second = 0; second < 100; second++) {
			rate.received(240, SECOND);
		}
		BodyRate once = new BodyRate(240);
		once.received(1_000_000, SECOND);
		once.received(1, 100 * SECOND);
	}

	@Test
	void withoutALimitABodyMayDrip() {
		BodyRate rate = new BodyRate(0);
		for (int second = 0; second < 1000; second++) {
			rate.received(1, SECOND);
		}
	}

	@Test
	void limitsAreSettings() {
		PipeProtocolFactory.Settings settings = Map.of("http.max-head-size", "1000", "http.max-line-size", "200",
				"http.max-headers", "7", "http.max-body-size", "5000000000", "http.max-drained-size", "0",
				"http.min-body-rate", "10")::get;
		HttpServerLimits limits = HttpServerLimits.of(settings);
		HttpLimits defaults = HttpLimits.DEFAULTS;
		assertThat(limits).isEqualTo(new HttpServerLimits(new HttpLimits(1000, 200, 200, 7, defaults.emptyLines(),
				defaults.interimResponses(), 5_000_000_000L, defaults.chunkExtensionBytes(), defaults.trailerBytes()),
				0, 10));
		assertThat(HttpServerLimits.of((name) -> null)).isEqualTo(HttpServerLimits.DEFAULTS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1KB", "", "3000000000", "0" })
	void otherValuesAreRefused(String value) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> HttpServerLimits.of((name) -> name.equals("http.max-head-size") ? value : null));
	}

}
