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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Closing is a state: it ends what is under way, and never hangs.
 *
 * @since 0.1.0
 */
public abstract class ClosingContract extends TransportContract {

	protected ClosingContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void peerThatHasLeftIsKnownToBeGone() throws Exception {
		Pair pair = connectedPair();
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().write(bytes("xy"));
		assertThat(pair.server().isPeerGone()).isFalse();
		assertThat(readText(pair.server(), 2)).isEqualTo("xy");
		assertThat(pair.server().isPeerGone()).isFalse();
		pair.client().close();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (!pair.server().isPeerGone()) {
			assertThat(System.nanoTime()).as("the peer is found to be gone in time").isLessThan(end);
			Thread.onSpinWait();
		}
		assertThat(readOne(pair.server())).isEqualTo(-1);
	}

	@Test
	void closeEndsAPendingReadAsClosed() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Integer> read = async(() -> readOne(pair.server()));
		awaitBlocked("read");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(read));
	}

	@Test
	void closeEndsAPendingTimedReadAsClosedAndNotAsTimedOut() throws Exception {
		Pair pair = connectedPair();
		pair.server().setReadTimeout(Duration.ofMinutes(5));
		CompletableFuture<Integer> read = async(() -> readOne(pair.server()));
		awaitBlocked("read");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(read));
	}

	@Test
	void closeEndsAPendingWriteAsClosed() throws Exception {
		Pair pair = connectedPair();
		CompletableFuture<Void> write = run(() -> writeForEver(pair.server()));
		awaitBlocked("write");
		pair.server().close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(write));
	}

	@Test
	void connectionsOutliveTheirTransport() throws Exception {
		Pair pair = connectedPair();
		this.transport.close();
		pair.server().write(bytes("reply"));
		pair.server().close();
		assertThat(readText(pair.client(), 5)).isEqualTo("reply");
		assertThat(readOne(pair.client())).isEqualTo(-1);
		pair.client().close();
		this.transport.close();
	}

	@Test
	void closingTwiceIsClosingOnce() throws Exception {
		Pair pair = connectedPair();
		pair.server().close();
		pair.server().close();
		assertThat(pair.server().isOpen()).isFalse();
		assertThat(pair.client().isOpen()).isTrue();
	}

	@Test
	void closedChannelSaysSoToEveryCall() throws Exception {
		PipeChannel channel = connectedPair().client();
		channel.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> readOne(channel));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> channel.write(bytes("x")));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(channel::shutdownOutput);
	}

}
