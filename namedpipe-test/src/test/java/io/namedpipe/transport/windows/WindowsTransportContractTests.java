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

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.ListeningContract;
import io.namedpipe.test.contract.NamingContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * The contract of every transport, on {@link WindowsPipeTransport}.
 */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Pipes of the kernel exist on Windows only")
class WindowsTransportContractTests {

	@Nested
	class Naming extends NamingContract {

		Naming() {
			super(new WindowsPipeTransport());
		}

	}

	@Nested
	class Listening extends ListeningContract {

		Listening() {
			super(new WindowsPipeTransport());
		}

	}

	@Nested
	class Closing extends ClosingContract {

		Closing() {
			super(new WindowsPipeTransport());
		}

	}

	@Nested
	class Data extends DataContract {

		Data() {
			super(new WindowsPipeTransport());
		}

		@Override
		protected Pair halfClosingPair() throws Exception {
			// A message without bytes is the half close of Windows.
			PipeServerChannel server = track(
					this.transport.bind(uniqueAddress(), PipeServerOptions.builder().mode(PipeMode.MESSAGE).build()));
			PipeClientOptions options = PipeClientOptions.builder().mode(PipeMode.MESSAGE).build();
			PipeChannel client = track(this.transport.connect(server.address(), options));
			return pair(client, track(server.accept()));
		}

	}

	@Nested
	class Streams extends StreamContract {

		Streams() {
			super(new WindowsPipeTransport());
		}

	}

	@Nested
	class Timeouts extends TimeoutContract {

		Timeouts() {
			super(new WindowsPipeTransport());
		}

	}

}
