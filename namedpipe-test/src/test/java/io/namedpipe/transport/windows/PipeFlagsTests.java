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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link PipeFlags}: plain numbers, on every operating system.
 */
class PipeFlagsTests {

	@Test
	void remoteClientsAreRejectedByDefaultAndInWhateverOrderOptionsAreSet() {
		assertThat(PipeFlags.pipeMode(PipeServerOptions.defaults())).isEqualTo(0x8);
		assertThat(PipeFlags.pipeMode(PipeServerOptions.builder().rejectRemote(true).mode(PipeMode.MESSAGE).build()))
			.isEqualTo(
					PipeFlags.pipeMode(PipeServerOptions.builder().mode(PipeMode.MESSAGE).rejectRemote(true).build()))
			.isEqualTo(0x8 | 0x4 | 0x2);
		assertThat(PipeFlags.pipeMode(PipeServerOptions.builder().rejectRemote(false).mode(PipeMode.MESSAGE).build()))
			.isEqualTo(0x4 | 0x2);
	}

	@Test
	void clientAsksForWhatAClientNeedsAndNotForTheRightToCreateInstances() {
		assertThat(PipeFlags.clientAccess(PipeDirection.DUPLEX)).isEqualTo(0x12019b);
		assertThat(SecurityDescriptor.CLIENT_RIGHTS).isEqualTo("0x12019b");
		for (PipeDirection direction : PipeDirection.values()) {
			assertThat(PipeFlags.clientAccess(direction) & ~0x12019b).isZero();
		}
		assertThat(PipeFlags.clientAccess(PipeDirection.INBOUND) & 0x3).isEqualTo(0x2);
		assertThat(PipeFlags.clientAccess(PipeDirection.OUTBOUND) & 0x3).isEqualTo(0x1);
	}

	@ParameterizedTest
	@CsvSource({ "ANONYMOUS, 0x40100000", "IDENTIFICATION, 0x40110000", "IMPERSONATION, 0x40120000",
			"DELEGATION, 0x40130000" })
	void levelOfTheClientIsAlwaysSaid(ImpersonationLevel level, int flags) {
		assertThat(PipeFlags.clientFlags(level)).isEqualTo(flags);
	}

	@Test
	void nameMustBeNewForTheFirstInstanceOnly() {
		assertThat(PipeFlags.openMode(PipeDirection.DUPLEX, true)).isEqualTo(0x40080003);
		assertThat(PipeFlags.openMode(PipeDirection.INBOUND, false)).isEqualTo(0x40000001);
		assertThat(PipeFlags.openMode(PipeDirection.OUTBOUND, false)).isEqualTo(0x40000002);
	}

	@ParameterizedTest
	@CsvSource({ "0, 255", "1, 1", "254, 254", "255, 255", "1000, 255" })
	void noMaximumIsWindowsOwn(int maximum, int flag) {
		assertThat(PipeFlags.maxInstances(PipeServerOptions.builder().maxInstances(maximum).build())).isEqualTo(flag);
	}

}
