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

package io.namedpipe.transport.memory;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.ListeningContract;
import io.namedpipe.test.contract.NamingContract;
import io.namedpipe.test.contract.OneWayContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of every transport, on {@link MemoryPipeTransport}.
 */
class MemoryTransportContractTests {

	@Nested
	class Naming extends NamingContract {

		Naming() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class Listening extends ListeningContract {

		Listening() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class Closing extends ClosingContract {

		Closing() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class Data extends DataContract {

		Data() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class Streams extends StreamContract {

		Streams() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class Timeouts extends TimeoutContract {

		Timeouts() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	class OneWay extends OneWayContract {

		OneWay() {
			super(new MemoryPipeTransport());
		}

		@ParameterizedTest
		@EnumSource(value = PipeDirection.class, names = { "INBOUND", "OUTBOUND" })
		void clientOfAnotherDirectionIsRefused(PipeDirection direction) {
			PipeServerChannel server = bind(direction);
			for (PipeDirection other : PipeDirection.values()) {
				if (other != direction) {
					assertThatExceptionOfType(PipeAccessDeniedException.class)
						.isThrownBy(() -> connect(server.address(), other))
						.withMessageContaining("other way");
				}
			}
		}

		@Test
		void duplexServerCannotAnswerAClientThatOnlyWrites() {
			PipeServerChannel server = bind(PipeDirection.DUPLEX);
			connect(server.address(), PipeDirection.INBOUND);
			PipeChannel accepted = track(server.accept());
			assertThat(accepted.isPeerGone()).isFalse();
			assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> writeForEver(accepted));
		}

	}

}
