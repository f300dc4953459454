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
import org.junit.jupiter.params.provider.EnumSource;

import io.namedpipe.test.contract.OneWayContract;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pipes that go one way.
 */
@OnWindows
class DirectionTests extends OneWayContract {

	DirectionTests() {
		super(new WindowsPipeTransport());
	}

	@ParameterizedTest
	@EnumSource(value = PipeDirection.class, names = { "INBOUND", "OUTBOUND" })
	@DisabledUnderWine("it lets a client open a one-way pipe the other way")
	void duplexClientIsRefusedByAOneWayServer(PipeDirection direction) {
		PipeServerChannel server = bind(direction);
		assertThatExceptionOfType(PipeAccessDeniedException.class)
			.isThrownBy(() -> connect(server.address(), PipeDirection.DUPLEX))
			.withMessageContaining("other way");
	}

	@Test
	@DisabledUnderWine("it lets a client open a one-way pipe the other way")
	void clientOfTheOtherDirectionIsRefused() {
		PipeServerChannel in = bind(PipeDirection.INBOUND);
		assertThatExceptionOfType(PipeAccessDeniedException.class)
			.isThrownBy(() -> connect(in.address(), PipeDirection.OUTBOUND));
		PipeServerChannel out = bind(PipeDirection.OUTBOUND);
		assertThatExceptionOfType(PipeAccessDeniedException.class)
			.isThrownBy(() -> connect(out.address(), PipeDirection.INBOUND));
	}

}
