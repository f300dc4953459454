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

package io.namedpipe.listener;

import java.time.Duration;
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The ranges of settings, and their text in the log.
 */
class PipeContainerSettingsTests {

	private static PipeContainerSettings.Builder settings() {
		return PipeContainerSettings.of("files", PipeAddress.of("files"), new StreamStringProtocol());
	}

	@Test
	void asManyRequestsAsConnectionsAreHandledByDefault() {
		assertThat(settings().maxConnections(7).build().maxConcurrentRequests()).isEqualTo(7);
		assertThat(settings().maxConnections(7).maxConcurrentRequests(3).build().maxConcurrentRequests()).isEqualTo(3);
	}

	@Test
	void userGetsAQuarterOfTheConnectionsAndHalfOfTheRequestsByDefault() {
		PipeContainerSettings defaults = settings().build();
		assertThat(defaults.maxConnections()).isEqualTo(256);
		assertThat(defaults.maxConnectionsPerUser()).isEqualTo(64);
		assertThat(defaults.reservedConnections()).isEqualTo(16);
		assertThat(defaults.maxConcurrentRequestsPerUser()).isEqualTo(128);
		PipeContainerSettings small = settings().maxConnections(1).build();
		assertThat(small.maxConnectionsPerUser()).isEqualTo(1);
		assertThat(small.reservedConnections()).isZero();
		assertThat(small.maxConcurrentRequestsPerUser()).isEqualTo(1);
	}

	@Test
	void limitsThatLetNobodyInAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings().maxConnections(0).build())
			.withMessageContaining("maxConnections");
		assertThatIllegalArgumentException().isThrownBy(() -> settings().maxConnectionsPerUser(0).build())
			.withMessageContaining("maxConnectionsPerUser");
		assertThatIllegalArgumentException().isThrownBy(() -> settings().maxConcurrentRequestsPerUser(0).build())
			.withMessageContaining("maxConcurrentRequestsPerUser");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> settings().maxConnections(4).reservedConnections(4).build())
			.withMessageContaining("reservedConnections");
		assertThatIllegalArgumentException().isThrownBy(() -> settings().maxConcurrentRequests(0).build())
			.withMessageContaining("maxConcurrentRequests");
		assertThatIllegalArgumentException().isThrownBy(() -> PipeServerOptions.builder().instances(0).build())
			.withMessageContaining("instances");
	}

	@Test
	void eachSettingIsCheckedByItself() {
		Map.<String, ThrowingCallable>of("'id' must not be empty",
				() -> PipeContainerSettings.of("", PipeAddress.of("files"), new StreamStringProtocol()).build(),
				"'maxConnections' must be positive",
				() -> settings().maxConnections(0).maxConcurrentRequests(1).build(),
				"'maxConnectionsPerUser' must be positive", () -> settings().maxConnectionsPerUser(0).build(),
				"'reservedConnections' must not be negative", () -> settings().reservedConnections(-1).build(),
				"'reservedConnections' must be less than 'maxConnections'",
				() -> settings().maxConnections(2).reservedConnections(2).build(),
				"'maxConcurrentRequests' must be positive",
				() -> settings().maxConcurrentRequests(0).maxConcurrentRequestsPerUser(1).build(),
				"'maxConcurrentRequestsPerUser' must be positive",
				() -> settings().maxConcurrentRequestsPerUser(0).build(), "'identityMaxAge' must not be negative",
				() -> settings().identityMaxAge(Duration.ofNanos(-1)).build(), "'gracePeriod' must not be negative",
				() -> settings().gracePeriod(Duration.ofNanos(-1)).build())
			.forEach((message, call) -> assertThatIllegalArgumentException().isThrownBy(call).withMessage(message));
	}

	@Test
	void smallestValuesAreAccepted() {
		PipeContainerSettings smallest = settings().maxConnections(1)
			.maxConnectionsPerUser(1)
			.reservedConnections(0)
			.maxConcurrentRequests(1)
			.maxConcurrentRequestsPerUser(1)
			.identityMaxAge(Duration.ZERO)
			.gracePeriod(Duration.ZERO)
			.build();
		assertThat(smallest.maxConnections()).isOne();
	}

	@Test
	void settingsAreFoundByTheirIdOrAreMissing() {
		PipeContainerSettings files = settings().build();
		PipeContainerSettingsResolver resolver = PipeContainerSettingsResolver.of(files);
		assertThat(resolver.configuredIds()).containsExactly("files");
		assertThat(resolver.resolve("files")).isSameAs(files);
		assertThatExceptionOfType(PipeListenerStartupException.class).isThrownBy(() -> resolver.resolve("other"))
			.withMessageContaining("it has no settings, only [files] have");
	}

	@Test
	void negativeTimesAndSizesAreRefused() {
		Duration negative = Duration.ofMillis(-1);
		Map.<String, ThrowingCallable>of("gracePeriod", () -> settings().gracePeriod(negative).build(), "read",
				() -> ServerTimeouts.DEFAULTS.withRead(negative), "write",
				() -> ServerTimeouts.DEFAULTS.withWrite(negative), "request",
				() -> ServerTimeouts.DEFAULTS.withRequest(negative), "idle",
				() -> ServerTimeouts.DEFAULTS.withIdle(negative), "inBufferSize",
				() -> PipeServerOptions.builder().inBufferSize(-1).build(), "outBufferSize",
				() -> PipeServerOptions.builder().outBufferSize(-1).build(), "maxMessageSize",
				() -> PipeClientOptions.builder().maxMessageSize(0).build(), "connectTimeout",
				() -> PipeClientOptions.builder().connectTimeout(negative).build(), "requestTimeout",
				() -> PipeTemplate.builder(new MemoryPipeTransport()).requestTimeout(negative))
			.forEach((name, call) -> assertThatIllegalArgumentException().isThrownBy(call)
				.withMessageContaining("'" + name + "'"));
	}

}
