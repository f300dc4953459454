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

package io.namedpipe.transport.unix;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.ListeningContract;
import io.namedpipe.test.contract.NamingContract;
import io.namedpipe.test.contract.OneWayContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of every transport, on {@link UnixPipeTransport}.
 */
@DisabledOnOs(value = OS.WINDOWS,
		disabledReason = "The Unix transport is for Linux and macOS; Wine has no Unix-domain sockets at all")
class UnixTransportContractTests {

	@Nested
	class Naming extends NamingContract {

		Naming() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class Listening extends ListeningContract {

		Listening() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class Closing extends ClosingContract {

		Closing() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class Data extends DataContract {

		Data() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class Streams extends StreamContract {

		Streams() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class Timeouts extends TimeoutContract {

		Timeouts() {
			super(new UnixPipeTransport());
		}

	}

	@Nested
	class OneWay extends OneWayContract {

		OneWay() {
			super(new UnixPipeTransport());
		}

		// The server of a socket is not asked before a client connects.
		@Test
		void clientOfTheOtherDirectionMeetsAShutSocket() {
			PipeServerChannel out = bind(PipeDirection.OUTBOUND);
			PipeChannel writer = connect(out.address(), PipeDirection.INBOUND);
			track(out.accept());
			assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> writeForEver(writer));
			PipeServerChannel in = bind(PipeDirection.INBOUND);
			PipeChannel reader = connect(in.address(), PipeDirection.DUPLEX);
			track(in.accept());
			assertThat(readOne(reader)).isEqualTo(-1);
		}

	}

}
