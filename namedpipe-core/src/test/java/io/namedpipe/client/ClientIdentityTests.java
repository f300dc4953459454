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

package io.namedpipe.client;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections and threads of a template on a thread that acts as a client of a server.
 */
@Timeout(120)
class ClientIdentityTests {

	@Test
	void connectionsOfAClientAreNeitherSharedNorKept() throws Exception {
		ImpersonationExecutor impersonation = new ImpersonationExecutor(1);
		try (HttpPeer peer = new HttpPeer("memory", (client) -> {
			while (!client.readHead().isEmpty()) {
				client.answer("ok");
			}
		}); PipeTemplate template = peer.builder().build()) {
			for (int i = 0; i < 2; i++) {
				assertThat(template.route("x").retrieve(String.class)).isEqualTo("ok");
			}
			assertThat(peer.connections).hasValue(1);
			for (int i = 2; i < 4; i++) {
				String reply = impersonation.call(new FakeImpersonation(),
						() -> template.route("x").retrieve(String.class), (body) -> body);
				assertThat(reply).isEqualTo("ok");
				assertThat(peer.connections).hasValue(i);
				int ended = i - 1;
				await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> peer.ended.get() == ended);
			}
			assertThat(template.route("x").retrieve(String.class)).isEqualTo("ok");
			assertThat(peer.connections).hasValue(3);
		}
		finally {
			impersonation.destroy();
		}
	}

	@Test
	void asynchronousCallWouldNotBeTheClients() throws Exception {
		ImpersonationExecutor impersonation = new ImpersonationExecutor(1);
		try (HttpPeer peer = new HttpPeer("memory", HttpPeer.Client::readHead);
				PipeTemplate template = peer.builder().build()) {
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> impersonation.call(new FakeImpersonation(),
						() -> template.route("x").async().retrieve(String.class), (body) -> body));
			assertThat(peer.connections).hasValue(0);
		}
		finally {
			impersonation.destroy();
		}
	}

	@Test
	void threadsAreStartedByAThreadThatWasThereBeforeAndEndWithTheTemplate() throws Exception {
		try (HttpServerFixture server = new HttpServerFixture("memory", new HttpProtocol(),
				(exchange) -> exchange.reply(PipeReply.of("ok")))) {
			ThreadGroup makers = new ThreadGroup("of the maker");
			ThreadGroup callers = new ThreadGroup("of the caller");
			PipeTemplate template = in(makers, () -> server.builder().build());
			in(callers, () -> template.route("x").payload(new byte[100_000]).async().retrieve(String.class).join());
			assertThat(threads(callers)).isEmpty();
			List<Thread> started = threads(makers);
			assertThat(started).extracting(Thread::getName)
				.contains("pipe-client-starter", "pipe-client-deadlines")
				.hasSizeGreaterThan(2);
			template.close();
			await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)
				.until(() -> started.stream().noneMatch(Thread::isAlive));
		}
	}

	private static <T> T in(ThreadGroup group, Callable<T> body) throws Exception {
		FutureTask<T> task = new FutureTask<>(body);
		Thread thread = new Thread(group, task);
		thread.start();
		T result = task.get();
		thread.join();
		return result;
	}

	private static List<Thread> threads(ThreadGroup group) {
		Thread[] threads = new Thread[100];
		return List.of(Arrays.copyOf(threads, group.enumerate(threads)));
	}

}
