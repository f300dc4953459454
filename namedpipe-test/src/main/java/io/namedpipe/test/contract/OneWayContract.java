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

	private Pair pair(PipeDirection server, PipeDirection client) {
		PipeServerChannel listening = bind(server);
		PipeChannel connected = connect(listening.address(), client);
		return pair(connected, track(listening.accept()));
	}

	@Test
	void transportSaysThatItCan() {
		assertThat(this.transport.capabilities().has(Feature.ONE_WAY)).isTrue();
	}

	@Test
	void inboundPipeGoesToTheServerOnly() {
		Pair pair = pair(PipeDirection.INBOUND, PipeDirection.INBOUND);
		pair.client().write(bytes("in"));
		assertThat(readText(pair.server(), 2)).isEqualTo("in");
		assertThat(pair.server().isPeerGone()).isFalse();
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> pair.server().write(bytes("x")))
			.withMessageContaining("one way");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(pair.client()))
			.withMessageContaining("one way");
		pair.client().close();
		assertThat(readOne(pair.server())).isEqualTo(-1);
	}

	@Test
	void outboundPipeGoesToTheClientOnly() {
		Pair pair = pair(PipeDirection.OUTBOUND, PipeDirection.OUTBOUND);
		pair.server().write(bytes("out"));
		assertThat(pair.server().isPeerGone()).isFalse();
		assertThat(readText(pair.client(), 3)).isEqualTo("out");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> pair.client().write(bytes("x")));
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> readOne(pair.server()));
		pair.server().close();
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void serverThatFeedsAClientThatLeftFailsAsReset() {
		Pair pair = pair(PipeDirection.OUTBOUND, PipeDirection.OUTBOUND);
		pair.client().close();
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> writeForEver(pair.server()));
	}

	@Test
	void bytesThatAClientLeavesBehindArrive() throws Exception {
		PipeServerChannel server = bind(PipeDirection.INBOUND);
		PipeChannel client = connect(server.address(), PipeDirection.INBOUND);
		CompletableFuture<Void> write = run(() -> {
			client.write(bytes("fire and forget"));
			client.close();
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
		Pair pair = pair(PipeDirection.DUPLEX, direction);
		PipeChannel writer = (direction == PipeDirection.INBOUND) ? pair.client() : pair.server();
		PipeChannel reader = (direction == PipeDirection.INBOUND) ? pair.server() : pair.client();
		writer.write(bytes("one way"));
		assertThat(readText(reader, 7)).isEqualTo("one way");
	}

}
