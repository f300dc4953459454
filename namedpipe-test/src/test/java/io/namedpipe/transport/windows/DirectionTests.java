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

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pipes that go one way.
 */
@OnWindows
class DirectionTests extends TransportContract {

	DirectionTests() {
		super(new WindowsPipeTransport());
	}

	private PipeServerChannel bind(PipeDirection direction) {
		return track(this.transport.bind(uniqueAddress(), PipeServerOptions.builder().direction(direction).build()));
	}

	private PipeChannel connect(PipeAddress address, PipeDirection direction) {
		return track(this.transport.connect(address, PipeClientOptions.builder().direction(direction).build()));
	}

	@Test
	void inboundPipeGoesToTheServerOnly() {
		PipeServerChannel server = bind(PipeDirection.INBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.INBOUND);
		PipeChannel accepted = track(server.accept());
		client.write(bytes("in"));
		assertThat(readText(accepted, 2)).isEqualTo("in");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> accepted.write(bytes("x")));
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(client));
		client.close();
		assertThat(readOne(accepted)).isEqualTo(-1);
	}

	@Test
	void outboundPipeGoesToTheClientOnly() {
		PipeServerChannel server = bind(PipeDirection.OUTBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.OUTBOUND);
		PipeChannel accepted = track(server.accept());
		accepted.write(bytes("out"));
		assertThat(readText(client, 3)).isEqualTo("out");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> client.write(bytes("x")));
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(accepted));
		accepted.close();
		assertThat(readOne(client)).isEqualTo(-1);
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

	@ParameterizedTest
	@EnumSource(value = PipeDirection.class, names = { "INBOUND", "OUTBOUND" })
	void duplexServerServesOneWayClients(PipeDirection direction) {
		PipeServerChannel server = bind(PipeDirection.DUPLEX);
		PipeChannel client = connect(server.address(), direction);
		PipeChannel accepted = track(server.accept());
		PipeChannel writer = (direction == PipeDirection.INBOUND) ? client : accepted;
		PipeChannel reader = (direction == PipeDirection.INBOUND) ? accepted : client;
		writer.write(bytes("one way"));
		assertThat(readText(reader, 7)).isEqualTo("one way");
	}

}
