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

package io.namedpipe.transport;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.TransportCapabilities.Feature;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * One connector made of several.
 */
class CompositePipeConnectorTests {

	private static final PipeAddress ELSEWHERE = PipeAddress.of("host", "files");

	private final MemoryPipeTransport memory = new MemoryPipeTransport();

	private final RemoteConnector remote = new RemoteConnector();

	private final CompositePipeConnector composite = new CompositePipeConnector(List.of(this.memory, this.remote));

	@AfterEach
	void closeTransport() {
		this.memory.close();
	}

	@Test
	void firstConnectorThatReachesTheAddressConnects() {
		PipeAddress here = Pipes.uniqueAddress();
		try (PipeServerChannel server = this.memory.bind(here, PipeServerOptions.defaults());
				PipeChannel client = this.composite.connect(here, PipeClientOptions.defaults())) {
			assertThat(client.isOpen()).isEqualTo(server.isOpen()).isTrue();
		}
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> this.composite.connect(ELSEWHERE, PipeClientOptions.defaults()))
			.withMessage("asked for " + ELSEWHERE);
	}

	@Test
	void reachesWhatOneOfThemReaches() {
		assertThat(this.composite.reaches(Pipes.uniqueAddress())).isTrue();
		assertThat(this.composite.reaches(ELSEWHERE)).isTrue();
		assertThat(this.composite.reaches(PipeAddress.of("/run/files.sock"))).isFalse();
	}

	@Test
	void addressThatNoneReachesIsRefusedWithTheNamesOfAll() {
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> this.composite.connect(PipeAddress.of("/run/files.sock"), PipeClientOptions.defaults()))
			.withMessageContaining("/run/files.sock")
			.withMessageContaining("[memory, remote]");
	}

	@Test
	void failureOfTheChosenConnectorIsNotHiddenByAskingAnother() {
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> this.composite.connect(Pipes.uniqueAddress(), PipeClientOptions.defaults()))
			.withMessageContaining("in this JVM");
	}

	@Test
	void canDoWhatOneOfThemCan() {
		assertThat(this.composite.capabilities().has(Feature.IMPERSONATION)).isTrue();
		assertThat(this.composite.capabilities().has(Feature.REMOTE)).isTrue();
		assertThat(this.composite.capabilities().has(Feature.MESSAGE_MODE)).isFalse();
	}

	@Test
	void closesAllEvenIfOneFailsTo() {
		RemoteConnector other = new RemoteConnector();
		this.remote.failsToClose = true;
		assertThatIllegalStateException()
			.isThrownBy(() -> new CompositePipeConnector(List.of(this.remote, other)).close());
		assertThat(other.closed).isTrue();
	}

	@Test
	void compositeOfNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CompositePipeConnector(List.of()));
	}

	private static final class RemoteConnector implements PipeConnector {

		private boolean failsToClose;

		private boolean closed;

		@Override
		public String name() {
			return "remote";
		}

		@Override
		public TransportCapabilities capabilities() {
			return TransportCapabilities.of(Feature.REMOTE);
		}

		@Override
		public boolean reaches(PipeAddress address) {
			return !address.isLocal();
		}

		@Override
		public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
			throw new PipeNotFoundException("asked for " + address);
		}

		@Override
		public void close() {
			this.closed = true;
			if (this.failsToClose) {
				throw new IllegalStateException("not closed");
			}
		}

	}

}
