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

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A channel tells that its peer has left without reading anything.
 */
@OnWindows
class PeerGoneTests extends TransportContract {

	PeerGoneTests() {
		super(new WindowsPipeTransport());
	}

	@Test
	void clientThatLeavesIsGone() throws Exception {
		Pair pair = connectedPair();
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().close();
		assertThat(pair.server().isPeerGone()).isTrue();
		assertThat(pair.server().isPeerGone()).isTrue();
		assertThat(readOne(pair.server())).isEqualTo(-1);
		assertThat(pair.server().isPeerGone()).isTrue();
	}

	@Test
	void serverThatLeavesIsGone() throws Exception {
		Pair pair = connectedPair();
		assertThat(pair.client().isPeerGone()).isFalse();
		pair.server().close();
		assertThat(pair.client().isPeerGone()).isTrue();
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void serverThatDisconnectsToReuseItsInstanceIsGone() throws Exception {
		PipeServerChannel server = track(
				this.transport.bind(uniqueAddress(), PipeServerOptions.builder().maxInstances(1).build()));
		Pair pair = pair(server);
		pair.server().close();
		assertThat(pair.client().isPeerGone()).isTrue();
	}

	@Test
	void bytesThatWereNotReadAreKept() throws Exception {
		Pair pair = connectedPair();
		pair.client().write(bytes("last words"));
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().close();
		assertThat(pair.server().isPeerGone()).isTrue();
		assertThat(readText(pair.server(), 10)).isEqualTo("last words");
		assertThat(pair.server().isPeerGone()).isTrue();
	}

	@Test
	void bytesThatThePeerHasNotReadDoNotHideThatItHasLeft() throws Exception {
		Pair pair = connectedPair();
		pair.server().write(bytes("never read"));
		pair.client().close();
		assertThat(pair.server().isPeerGone()).isTrue();
	}

	@Test
	void askingNeitherWaitsForAReadNorDisturbsIt() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<String> read = async(() -> readText(pair.server(), 1));
		awaitBlocked("read");
		assertThat(get(async(pair.server()::isPeerGone))).isFalse();
		pair.client().write(bytes("x"));
		assertThat(get(read)).isEqualTo("x");
	}

	@Test
	void nothingIsKnownOfThePeerOnceThisSideIsClosed() throws Exception {
		Pair pair = connectedPair();
		pair.server().close();
		assertThat(pair.server().isPeerGone()).isFalse();
	}

	@Test
	void endThatOnlyWritesClaimsNothingOfAPeerThatIsThere() {
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(),
				PipeServerOptions.builder().direction(PipeDirection.OUTBOUND).build()));
		PipeChannel client = track(this.transport.connect(server.address(),
				PipeClientOptions.builder().direction(PipeDirection.OUTBOUND).build()));
		assertThat(track(server.accept()).isPeerGone()).isFalse();
		assertThat(client.isPeerGone()).isFalse();
	}

}
