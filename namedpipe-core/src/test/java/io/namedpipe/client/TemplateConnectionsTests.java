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

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The connections of a template: which a request takes, and when it is repeated.
 */
@Timeout(120)
class TemplateConnectionsTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	private final FakeClient client = new FakeClient();

	private final PipeTemplate template = this.client.template(UnaryOperator.identity(), Feature.ROUTES,
			Feature.HEADERS);

	@AfterEach
	void close() {
		this.template.close();
	}

	@Test
	void connectionThatCannotBeOpenedIsClosed() {
		this.client.openFails = true;
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> this.template.requestFile("x"))
			.withMessage("no greeting");
		assertThat(this.client.channels.get(0).isOpen()).isFalse();
		assertThat(this.client.events).containsExactly("started x", "ended no greeting");
	}

	@Test
	void requestThatAKeptConnectionDidNotTakeIsRepeatedOnce() {
		this.client.repeatable = true;
		this.client.answers.add((request) -> PipeReply.of("first"));
		this.client.answers.add((request) -> FakeClient.fail(new PipeClosedException("stale")));
		this.client.answers.add((request) -> PipeReply.of("second"));
		this.template.requestFile("a");
		assertThat(this.template.requestFile("b")).isEqualTo("second");
		assertThat(this.client.events).containsExactly("started a", "opened", "ended null", "started b", "closed",
				"repeated b", "opened", "ended null");
		// A new one fails for good.
		this.client.answers.add((request) -> FakeClient.fail(new PipeClosedException("stale")));
		this.client.answers.add((request) -> FakeClient.fail(new PipeClosedException("again")));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> this.template.requestFile("c"))
			.withMessage("again");
	}

	@Test
	void requestOnANewConnectionIsRepeatedOnlyIfTheServerWantsItSentOtherwise() {
		this.client.repeatable = true;
		this.client.answers.add((request) -> FakeClient.fail(new PipeClosedException("new")));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> this.template.requestFile("a"))
			.withMessage("new");
		this.client.answers.add((request) -> FakeClient
			.fail(new PipeRemoteException(Code.BAD_REQUEST, "expectation", 417, "", "", Map.of())));
		this.client.answers.add((request) -> PipeReply.of("answer"));
		try (PipeTemplate other = this.client.template(UnaryOperator.identity())) {
			assertThat(other.requestFile("b")).isEqualTo("answer");
		}
	}

	@Test
	void requestIsNotRepeatedIfTheServerMayHaveTakenIt() {
		this.client.answers.add((request) -> PipeReply.of("first"));
		this.client.answers.add((request) -> FakeClient.fail(new PipeClosedException("taken")));
		this.template.requestFile("a");
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> this.template.requestFile("b"))
			.withMessage("taken");
		assertThat(this.client.events).doesNotContain("repeated b");
	}

	@Test
	void whatCanBeSentOnceIsSentOnANewConnectionUnlessAServerIsStartedForIt() {
		PipeBody stream = PipeBody.of(new ByteArrayInputStream(new byte[1]), 1, "The stream");
		PipeBody written = PipeBody.of((out) -> {
		});
		for (PipeBody body : List.of(stream, written)) {
			this.client.answers.add((request) -> PipeReply.empty());
			this.template.exchange(PipeRequest.of(body));
		}
		assertThat(this.client.channels).hasSize(2);
		this.client.answers.add((request) -> PipeReply.empty());
		this.template.exchange(PipeRequest.of("text"));
		assertThat(this.client.channels).hasSize(2);
		this.client.startsServer = true;
		try (PipeTemplate parent = this.client.template(UnaryOperator.identity())) {
			for (PipeBody body : List.of(PipeBody.of("x"), stream, written)) {
				this.client.answers.add((request) -> PipeReply.empty());
				parent.exchange(PipeRequest.of(body));
			}
		}
		assertThat(this.client.channels).hasSize(3);
	}

	@Test
	void startedServerHasOneConnectionThatIsKept() {
		this.client.startsServer = true;
		PipePoolOptions options = new PipePoolOptions(5, SHORT, Duration.ZERO);
		assertThat(options.single()).isEqualTo(new PipePoolOptions(1, Duration.ofDays(3650), Duration.ZERO));
		assertThat(new PipePoolOptions(5, Duration.ZERO, SHORT).single().maxIdleTime()).isZero();
		try (PipeTemplate parent = this.client.template((builder) -> builder.pool(options))) {
			this.client.answers
				.add((request) -> PipeReply.of(PipeBody.of(InputStream.nullInputStream(), 0, "The stream")));
			InputStream held = parent.exchange(PipeRequest.of("x")).body().stream();
			assertThat(held).isNotNull();
			assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> parent.requestFile("y"));
		}
	}

	@Test
	void replyWithAStreamKeepsItsConnectionUntilItIsClosed() throws Exception {
		this.client.answers.add((request) -> PipeReply.of(PipeBody.of(InputStream.nullInputStream(), 7, "The stream")));
		PipeBody body = this.template.exchange(PipeRequest.of("x")).body();
		assertThat(body.length()).isEqualTo(7);
		assertThat(body.description()).isEqualTo("The stream");
		this.client.answers.add((request) -> PipeReply.empty());
		this.template.exchange(PipeRequest.of("y"));
		assertThat(this.client.channels).hasSize(2);
		body.close();
		this.client.answers.add((request) -> PipeReply.empty());
		this.template.exchange(PipeRequest.of("z"));
		assertThat(this.client.channels).hasSize(2);
	}

	@Test
	void idleConnectionThatExpiresIsToldAndGone() {
		try (PipeTemplate idle = this.client
			.template((builder) -> builder.pool(new PipePoolOptions(1, SHORT, Duration.ofSeconds(5))))) {
			this.client.answers.add((request) -> PipeReply.of("a"));
			idle.requestFile("x");
			await().until(() -> this.client.events.contains("closed"));
			assertThat(this.client.channels.get(0).isOpen()).isFalse();
			this.client.answers.add((request) -> PipeReply.of("b"));
			assertThat(idle.requestFile("y")).isEqualTo("b");
			assertThat(this.client.channels).hasSize(2);
		}
	}

	@Test
	void closedTemplateMakesNoRequests() {
		this.client.answers.add((request) -> PipeReply.of("a"));
		this.template.requestFile("x");
		this.template.close();
		assertThat(this.client.events).endsWith("closed");
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> this.template.requestFile("y"));
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> this.template.route("x").async().retrieve(String.class).join());
	}

	@Test
	void sharedResourcesOutliveATemplateAndCloseTheOthers() {
		PipeClientResources resources = new PipeClientResources();
		PipeTemplateBuilder builder = this.client.builder(resources);
		builder.build().close();
		PipeTemplate other = builder.build();
		this.client.answers.add((request) -> PipeReply.of("a"));
		other.requestFile("x");
		resources.close();
		assertThat(this.client.events).endsWith("closed");
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> other.requestFile("y"));
	}

	@Test
	void sharedResourcesCloseConnectionsOfThreadsThatActAsClientsToo() throws Exception {
		PipeClientResources resources = new PipeClientResources();
		PipeTemplate shared = this.client.builder(resources).build();
		ImpersonationExecutor impersonation = new ImpersonationExecutor(1);
		this.client.answers.add((request) -> PipeReply.of(PipeBody.of(InputStream.nullInputStream(), 1, "The stream")));
		PipeReply held = impersonation.call(new FakeImpersonation(), () -> shared.exchange(PipeRequest.of("x")),
				UnaryOperator.identity());
		assertThat(held.body().isStream()).isTrue();
		assertThat(this.client.channels.get(0).isOpen()).isTrue();
		resources.close();
		assertThat(this.client.channels.get(0).isOpen()).isFalse();
		impersonation.destroy();
	}

	@Test
	void sharedResourcesForgetATemplateThatIsClosed() {
		try (PipeClientResources resources = new PipeClientResources()) {
			PipeTemplate closed = this.client.builder(resources).build();
			closed.close();
			WeakReference<PipeTemplate> reference = new WeakReference<>(closed);
			closed = null;
			await().until(() -> {
				System.gc();
				return reference.get() == null;
			});
		}
	}

	@Test
	void threadsOfSharedResourcesEndWithThem() throws Exception {
		ThreadGroup group = new ThreadGroup("resources");
		FutureTask<PipeClientResources> made = new FutureTask<>(PipeClientResources::new);
		new Thread(group, made).start();
		PipeClientResources resources = made.get();
		// Keeps the thread of the deadlines busy.
		resources.deadlines().watch(() -> {
		});
		assertThat(group.activeCount()).isPositive();
		resources.close();
		await().until(() -> group.activeCount() == 0);
	}

}
