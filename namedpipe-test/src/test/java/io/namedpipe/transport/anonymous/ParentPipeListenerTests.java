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

package io.namedpipe.transport.anonymous;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Serving the parent: {@link ParentPipeListener} without a process.
 */
@Timeout(120)
class ParentPipeListenerTests {

	private static final PipeAddress ADDRESS = PipeAddress.of("parent");

	private final PipePair pair = PipePair.open();

	private final AtomicInteger ends = new AtomicInteger();

	private ParentPipeListener listener(boolean readable, boolean writable) {
		PipeChannel channel = this.pair.second();
		return new ParentPipeListener(
				() -> new AnonymousPipeChannel(readable ? new WindowsLaunch.OneWay(channel) : null,
						writable ? new WindowsLaunch.OneWay(channel) : null, ProcessIdentity.of(1)),
				this.ends::incrementAndGet);
	}

	private static PipeServerOptions options(PipeDirection direction) {
		return PipeServerOptions.builder().direction(direction).build();
	}

	@Test
	void parentIsTheOnlyClientAndItsEndIsTold() throws Exception {
		PipeServerChannel server = listener(true, true).bind(ADDRESS, PipeServerOptions.defaults());
		PipeChannel client = server.accept();
		this.pair.first().write(ByteBuffer.wrap(new byte[] { 7 }));
		assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(1);
		CompletableFuture<PipeChannel> second = Background.run(server::accept);
		assertThat(this.ends).hasValue(0);
		client.close();
		client.close();
		assertThat(this.ends).hasValue(1);
		server.close();
		assertThat(second).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableThat()
			.withCauseInstanceOf(PipeClosedException.class);
	}

	@Test
	void stopOfTheServerIsNoEndOfTheParent() {
		PipeServerChannel server = listener(true, true).bind(ADDRESS, PipeServerOptions.defaults());
		PipeChannel client = server.accept();
		server.close();
		client.close();
		assertThat(this.ends).hasValue(0);
	}

	@Test
	void channelThatNobodyHasAcceptedIsClosed() {
		listener(true, true).bind(ADDRESS, PipeServerOptions.defaults()).close();
		assertThat(this.pair.first().read(ByteBuffer.allocate(1))).isEqualTo(-1);
	}

	@Test
	void directionIsThatOfThePipesOfTheParent() {
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> listener(true, false).bind(ADDRESS, options(PipeDirection.DUPLEX)))
			.withMessageContainingAll("read", "'duplex'");
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> listener(true, true).bind(ADDRESS, options(PipeDirection.OUTBOUND)))
			.withMessageContainingAll("read and write", "'outbound'");
		listener(true, false).bind(ADDRESS, options(PipeDirection.INBOUND)).close();
		listener(false, true).bind(ADDRESS, options(PipeDirection.OUTBOUND)).close();
	}

	@Test
	void anythingElseIsRefused() {
		ParentPipeListener listener = listener(true, true);
		assertThat(listener.accepts(PipeAddress.of("other"))).isFalse();
		assertThat(listener.accepts(PipeAddress.of("/tmp/parent"))).isFalse();
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> listener.bind(PipeAddress.of("other"), PipeServerOptions.defaults()));
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> listener.bind(ADDRESS, PipeServerOptions.builder().mode(PipeMode.MESSAGE).build()));
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(listener::verifyImpersonation);
	}

}
