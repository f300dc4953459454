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

package io.namedpipe.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The checks when a pipe opens, and the events of its states.
 */
@Timeout(120)
class ContainerStartTests {

	private final String id = Pipes.uniqueName();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final ReachableTransport transport = new ReachableTransport();

	private @Nullable PipeListenerContainer container;

	@AfterEach
	void close() throws Exception {
		if (this.container != null) {
			ContainerFixture.stop(this.container);
		}
		this.transport.close();
	}

	private PipeListenerContainer create(PipeProtocol protocol, PipeDirection direction) {
		PipeListenerContainer created = new PipeListenerContainerFactory(List.of(this.transport),
				List.of(new PipeServerListener() {

					@Override
					public void stateChanged(PipeListenerContainer changed, ContainerState from, ContainerState to,
							@Nullable Throwable cause) {
						ContainerStartTests.this.events.add(from + " " + to);
					}

					@Override
					public void reachabilityChanged(PipeListenerContainer changed, boolean reachable) {
						ContainerStartTests.this.events.add("reachable " + reachable);
					}

				}))
			.create(PipeContainerSettings.of(this.id, PipeAddress.of(this.id), protocol)
				.serverOptions(PipeServerOptions.builder().direction(direction).build())
				.build(), (exchange) -> {
				});
		this.container = created;
		return created;
	}

	@Test
	void protocolThatAnswersNeedsBothDirections() {
		PipeListenerContainer answering = create(new StreamStringProtocol(), PipeDirection.INBOUND);
		assertThatExceptionOfType(PipeListenerStartupException.class).isThrownBy(answering::start)
			.havingCause()
			.isInstanceOf(PipeUnsupportedException.class)
			.withMessageContaining("The protocol 'stream-string' answers requests, and this pipe goes one way only");
		assertThat(answering.state()).isEqualTo(ContainerState.FAILED);
		PipeListenerContainer raw = create(new RawProtocol(), PipeDirection.INBOUND);
		raw.start();
		assertThat(raw.state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void supervisorKeepsTheJvmAliveAlsoIfADaemonStartsThePipe() throws Exception {
		PipeListenerContainer started = create(new StreamStringProtocol(), PipeDirection.DUPLEX);
		Background.get(Background.run(() -> {
			started.start();
			return "";
		}));
		assertThat(Thread.getAllStackTraces().keySet())
			.filteredOn((thread) -> thread.getName().equals("pipe-" + this.id + "-supervisor"))
			.singleElement()
			.satisfies((thread) -> assertThat(thread.isDaemon()).isFalse());
	}

	@Test
	void eachChangeOfTheStateIsToldOnce() throws Exception {
		PipeListenerContainer changing = create(new StreamStringProtocol(), PipeDirection.DUPLEX);
		changing.resume();
		changing.start();
		changing.start();
		changing.resume();
		changing.pause();
		changing.pause();
		assertThat(changing.isRunning()).isTrue();
		assertThat(changing.isReachable()).isFalse();
		changing.resume();
		assertThat(changing.isReachable()).isTrue();
		ContainerFixture.stop(changing);
		assertThat(changing.isReachable()).isFalse();
		assertThat(changing.locations()).isEmpty();
		assertThat(changing.activeConnections()).isZero();
		await().until(() -> this.events.size() == 4);
		assertThat(this.events).containsExactly("NEW RUNNING", "RUNNING PAUSED", "PAUSED RUNNING", "STOPPING STOPPED");
	}

	@Test
	void callbackIsForOneStop() throws Exception {
		PipeListenerContainer restarted = create(new StreamStringProtocol(), PipeDirection.DUPLEX);
		restarted.start();
		List<String> calls = new ArrayList<>();
		CompletableFuture<String> stopped = new CompletableFuture<>();
		restarted.stop(() -> {
			calls.add("first");
			stopped.complete("");
		});
		Background.get(stopped);
		restarted.start();
		ContainerFixture.stop(restarted);
		assertThat(calls).hasSize(1);
	}

	@Test
	void pipeThatClientsDoNotFindIsToldOnceAndAgainWhenTheyDo() {
		create(new StreamStringProtocol(), PipeDirection.DUPLEX).start();
		this.transport.reachable = false;
		await().until(() -> this.transport.looks.get() > 1);
		this.transport.reachable = true;
		await().until(() -> this.events.size() == 3);
		assertThat(this.events).containsExactly("NEW RUNNING", "reachable false", "reachable true");
	}

	private static final class ReachableTransport extends WrappedTransport {

		private volatile boolean reachable = true;

		private final AtomicInteger looks = new AtomicInteger();

		@Override
		PipeChannel accept(PipeServerChannel bound) {
			return bound.accept();
		}

		@Override
		boolean isReachable(PipeServerChannel bound) {
			if (!this.reachable) {
				this.looks.incrementAndGet();
			}
			return this.reachable;
		}

	}

}
