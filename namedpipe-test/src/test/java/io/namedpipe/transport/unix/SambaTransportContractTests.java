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

import java.nio.file.Path;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.ListeningContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;

/**
 * The contract of every transport, on {@link SambaPipeListener} and on both ends of
 * Samba's frames.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
class SambaTransportContractTests {

	@Nested
	class Listening extends ListeningContract {

		Listening(@TempDir Path directory) {
			super(new SambaTransport(directory));
		}

	}

	@Nested
	class Closing extends ClosingContract {

		Closing(@TempDir Path directory) {
			super(new SambaTransport(directory));
		}

	}

	@Nested
	class Data extends DataContract {

		Data(@TempDir Path directory) {
			super(new SambaTransport(directory));
		}

	}

	@Nested
	class Streams extends StreamContract {

		Streams(@TempDir Path directory) {
			super(new SambaTransport(directory));
		}

	}

	@Nested
	class Timeouts extends TimeoutContract {

		Timeouts(@TempDir Path directory) {
			super(new SambaTransport(directory));
		}

	}

}
