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

package io.namedpipe.transport.windows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities.Feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link WindowsPipeTransport} that need no pipe of the kernel.
 */
class WindowsPipeTransportTests {

	@Test
	void capabilitiesAreTheWholeOfThem() {
		try (WindowsPipeTransport transport = new WindowsPipeTransport()) {
			assertThat(transport.name()).isEqualTo("windows");
			assertThat(transport.capabilities().features()).containsExactlyInAnyOrder(Feature.values());
		}
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "On Windows the transport is there")
	void isToldFromItsAbsence() {
		try (WindowsPipeTransport transport = new WindowsPipeTransport()) {
			PipeAddress address = PipeAddress.of("x");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> transport.bind(address, PipeServerOptions.defaults()))
				.withMessageContaining("needs Windows");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> transport.connect(address, PipeClientOptions.defaults()));
			assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(transport::verifyImpersonation);
		}
	}

}
