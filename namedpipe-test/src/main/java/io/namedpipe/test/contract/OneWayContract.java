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

package io.namedpipe.test.contract;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities.Feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pipes that go one way, on transports with the feature {@link Feature#ONE_WAY}.
 *
 * @since 0.1.0
 */
public abstract class OneWayContract extends TransportContract {

	protected OneWayContract(PipeTransport transport) {
		super(transport);
	}

	protected PipeServerChannel bind(PipeDirection direction) {
		return track(this.transport.bind(uniqueAddress(), PipeServerOptions.builder().direction(direction).build()));
	}

	protected PipeChannel connect(PipeAddress address, PipeDirection direction) {
		return track(this.transport.connect(address, PipeClientOptions.builder().direction(direction).build()));
	}

	@Test
	void transportSaysThatItCan() {
		assertThat(this.transport.capabilities().has(Feature.ONE_WAY)).isTrue();
	}

	@Test
	void inboundPipeGoesToTheServerOnly() {
		PipeServerChannel server = bind(PipeDirection.INBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.INBOUND);
		PipeChannel accepted = track(server.accept());
		client.write(bytes("in"));
		assertThat(readText(accepted, 2)).isEqualTo("in");
		assertThat(accepted.isPeerGone()).isFalse();
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> accepted.write(bytes("x")))
			.withMessageContaining("one way");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(client))
			.withMessageContaining("one way");
		client.close();
		assertThat(readOne(accepted)).isEqualTo(-1);
	}

	@Test
	void outboundPipeGoesToTheClientOnly() {
		PipeServerChannel server = bind(PipeDirection.OUTBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.OUTBOUND);
		PipeChannel accepted = track(server.accept());
		accepted.write(bytes("out"));
		assertThat(accepted.isPeerGone()).isFalse();
		assertThat(readText(client, 3)).isEqualTo("out");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> client.write(bytes("x")));
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(accepted));
		accepted.close();
		assertThat(readOne(client)).isEqualTo(-1);
	}

	@Test
	void serverThatFeedsAClientThatLeftFailsAsReset() {
		PipeServerChannel server = bind(PipeDirection.OUTBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.OUTBOUND);
		PipeChannel accepted = track(server.accept());
		client.close();
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> writeForEver(accepted));
	}

	@Test
	void bytesThatAClientLeavesBehindArrive() throws Exception {
		PipeServerChannel server = bind(PipeDirection.INBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.INBOUND);
		CompletableFuture<Void> write = async(() -> {
			client.write(bytes("fire and forget"));
			client.close();
			return null;
		});
		PipeChannel accepted = track(server.accept());
		assertThat(readText(accepted, 15)).isEqualTo("fire and forget");
		assertThat(readOne(accepted)).isEqualTo(-1);
		get(write);
	}

	@Test
	void duplexServerServesClientsThatOnlyWrite() {
		duplexServerServes(PipeDirection.INBOUND);
	}

	@Test
	void duplexServerServesClientsThatOnlyRead() {
		duplexServerServes(PipeDirection.OUTBOUND);
	}

	private void duplexServerServes(PipeDirection direction) {
		PipeServerChannel server = bind(PipeDirection.DUPLEX);
		PipeChannel client = connect(server.address(), direction);
		PipeChannel accepted = track(server.accept());
		PipeChannel writer = (direction == PipeDirection.INBOUND) ? client : accepted;
		PipeChannel reader = (direction == PipeDirection.INBOUND) ? accepted : client;
		writer.write(bytes("one way"));
		assertThat(readText(reader, 7)).isEqualTo("one way");
	}

}
