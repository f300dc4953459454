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

package io.namedpipe.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.security.spring.PipeAuthenticationToken;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Callers, from the annotated endpoint to the client's reply, over the memory transport
 * with a caller that the test makes up.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerEndToEndTests {

	private static final PeerIdentity ALICE = identity("1001", "alice", "500");

	private static final PeerIdentity BOB = identity("1002", "bob", "600");

	@TempDir
	Path folder;

	private final AtomicReference<PeerIdentity> caller = new AtomicReference<>(ALICE);

	private final FakeImpersonation impersonation = new FakeImpersonation();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(NamedPipeAutoConfiguration.class, NamedPipeServerAutoConfiguration.class,
						NamedPipeClientAutoConfiguration.class, NamedPipeSecurityAutoConfiguration.class,
						NamedPipeHealthAutoConfiguration.class, NamedPipeRequestAutoConfiguration.class))
		.withBean(MemoryPipeTransport.class,
				() -> new MemoryPipeTransport(this.caller::get, (peer) -> this.impersonation))
		.withPropertyValues("namedpipe.server.pipes.p.name=np." + UUID.randomUUID().toString().substring(0, 8),
				"namedpipe.server.protocol=stream-string", "namedpipe.client.default-pipe=p",
				"namedpipe.client.connect-timeout=30s", "namedpipe.server.authorities.alice=ROLE_READER")
		.withInitializer(
				(context) -> TestPropertyValues.of(Map.of("namedpipe.server.authorities[group:600]", "ROLE_GROUP"))
					.applyTo(context));

	private static PeerIdentity identity(String uid, String name, String gid) {
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, uid).name(name).primaryGroup(gid).build();
	}

	private static String ask(AssertableApplicationContext context, String text) {
		return context.getBean(PipeTemplate.class).requestFile(text);
	}

	private void run(Class<?> endpoint, Consumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(endpoint).run(test::accept);
	}

	@Test
	void handlerKnowsItsCaller() {
		run(WhoEndpoint.class, (context) -> {
			assertThat(ask(context, "?")).isEqualTo("alice 1001 alice alice false");
			this.caller.set(BOB);
			assertThat(ask(context, "?")).isEqualTo("bob 1002 bob bob false");
		});
	}

	@Test
	void runAsClientRunsBetweenEnterAndLeave() {
		run(ActingEndpoint.class, (context) -> {
			assertThat(ask(context, "x")).isEqualTo("true");
			assertThat(this.impersonation.events()).containsExactly("enter", "leave");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { FileEndpoint.class, LateFileEndpoint.class })
	void onlyTheFileIsOpenedAsTheCallerIfTheHandlerAsksForThat(Class<?> endpoint) throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "text");
		run(endpoint, (context) -> {
			assertThat(ask(context, file.toString())).isEqualTo("text");
			assertThat(this.impersonation.events()).containsExactly("enter", "leave");
			this.impersonation.failOnEnter();
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, file.toString()));
		});
	}

	@Test
	void handlerDoesNotRunIfTheCallerCannotBeActedAs() {
		this.impersonation.failOnEnter();
		run(ActingEndpoint.class, (context) -> {
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, "x"));
			assertThat(context.getBean(ActingEndpoint.class).calls()).isEmpty();
			assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainer("p").state())
				.isEqualTo(ContainerState.RUNNING);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ActingEndpoint.class, CountingFileEndpoint.class })
	void handlerDoesNotRunIfTheServerCannotActAsAnybody(Class<?> endpoint) {
		this.impersonation.makeImpossible();
		run(endpoint, (context) -> {
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, "x"));
			assertThat(context.getBean(Counting.class).calls()).isEmpty();
		});
	}

	@Test
	void failedLeaveFailsThePipeAndTurnsHealthDown() {
		run(ActingEndpoint.class, (context) -> {
			HealthIndicator health = context.getBean(HealthIndicator.class);
			assertThat(health.health().getStatus()).isEqualTo(Status.UP);
			this.impersonation.failOnLeave();
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, "x"));
			await().untilAsserted(() -> {
				assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainer("p").state())
					.isEqualTo(ContainerState.FAILED);
				assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
			});
		});
	}

	@Test
	void pipeThatIsStoppedOnPurposeIsHealthy() {
		run(WhoEndpoint.class, (context) -> {
			context.getBean(PipeListenerEndpointRegistry.class).stop();
			assertThat(context.getBean(HealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void requestScopedBeansLiveAsLongAsTheirRequest() {
		this.runner.withUserConfiguration(ScopedConfiguration.class).run((context) -> {
			assertThat(ask(context, "a")).isEqualTo("a a");
			assertThat(ask(context, "b")).isEqualTo("b b");
			assertThat(context.getBean(ScopedEndpoint.class).destroyed).containsExactly("a", "b");
		});
	}

	@Test
	void springSecurityKnowsTheCallerAndForgetsItAfterwards() {
		run(AuthenticationEndpoint.class, (context) -> {
			assertThat(ask(context, "?"))
				.isEqualTo("alice [PIPE_CLIENT, UID_1001, ROLE_READER, GID_500] PipeAuthenticationToken");
			this.caller.set(BOB);
			assertThat(ask(context, "?")).startsWith("bob").contains("ROLE_GROUP").doesNotContain("ROLE_READER");
			assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
		});
	}

	@Test
	void preAuthorizeDecidesByTheCaller() {
		run(ProtectedEndpoint.class, (context) -> {
			assertThat(ask(context, "x")).isEqualTo("secret");
			this.caller.set(BOB);
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, "x"));
			this.caller.set(ALICE);
			assertThat(ask(context, "x")).isEqualTo("secret");
		});
	}

	@Test
	void worksWithoutSpringSecurityAndWithoutHealth() {
		this.runner.withClassLoader(new FilteredClassLoader(SecurityContextHolder.class, HealthIndicator.class))
			.withUserConfiguration(WhoEndpoint.class)
			.run((context) -> assertThat(ask(context, "?")).startsWith("alice"));
	}

	@PipeEndpoint("p")
	static class WhoEndpoint {

		private final PipeSecurityContext security;

		WhoEndpoint(PipeSecurityContext security) {
			this.security = security;
		}

		@PipeMapping
		String who(@Payload String text, PipePrincipal principal, PipeSecurityContext context) {
			return "%s %s %s %s %s".formatted(principal.getName(), principal.getId(), context.getPrincipal(),
					this.security.getPrincipal(), this.security.isImpersonating());
		}

	}

	interface Counting {

		List<String> calls();

	}

	@PipeEndpoint("p")
	static class CountingFileEndpoint implements Counting {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public List<String> calls() {
			return this.calls;
		}

		@PipeMapping
		@RunAsClient(RunAsClient.Extent.FILE)
		Path open(@Payload String text) {
			this.calls.add(text);
			return Path.of(text);
		}

	}

	@PipeEndpoint("p")
	@RunAsClient
	static class ActingEndpoint implements Counting {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public List<String> calls() {
			return this.calls;
		}

		@PipeMapping
		String act(@Payload String text, PipeSecurityContext context) {
			this.calls.add(text);
			return Boolean.toString(context.isImpersonating());
		}

	}

	@PipeEndpoint("p")
	static class FileEndpoint {

		@PipeMapping
		@RunAsClient(RunAsClient.Extent.FILE)
		Path open(@Payload String text, PipeSecurityContext context) {
			return context.isImpersonating() ? Path.of("as the caller") : Path.of(text);
		}

	}

	@PipeEndpoint("p")
	@RunAsClient(RunAsClient.Extent.FILE)
	static class LateFileEndpoint {

		@PipeMapping
		CompletionStage<Resource> open(@Payload String text) {
			return CompletableFuture.supplyAsync(() -> new FileSystemResource(text));
		}

	}

	static class Notes {

		private final List<String> texts = new ArrayList<>();

		private final List<String> destroyed;

		Notes(List<String> destroyed) {
			this.destroyed = destroyed;
		}

		void add(String text) {
			this.texts.add(text);
		}

		String text() {
			return String.join(" ", this.texts);
		}

		@PreDestroy
		void destroy() {
			this.destroyed.add(this.texts.get(0));
		}

	}

	@PipeEndpoint("p")
	static class ScopedEndpoint {

		final List<String> destroyed;

		private final Notes notes;

		ScopedEndpoint(Notes notes, List<String> destroyed) {
			this.notes = notes;
			this.destroyed = destroyed;
		}

		@PipeMapping
		String note(@Payload String text) {
			this.notes.add(text);
			this.notes.add(text);
			return this.notes.text();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		private final List<String> destroyed = new CopyOnWriteArrayList<>();

		@Bean
		@PipeRequestScope
		Notes notes() {
			return new Notes(this.destroyed);
		}

		@Bean
		ScopedEndpoint scopedEndpoint(Notes notes) {
			return new ScopedEndpoint(notes, this.destroyed);
		}

	}

	@PipeEndpoint("p")
	static class AuthenticationEndpoint {

		@PipeMapping
		String who(@Payload String text) {
			Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
			assertThat(authentication).isInstanceOf(PipeAuthenticationToken.class);
			return authentication.getName() + " " + authentication.getAuthorities() + " "
					+ authentication.getClass().getSimpleName();
		}

	}

	@PipeEndpoint("p")
	@EnableMethodSecurity
	static class ProtectedEndpoint {

		@PipeMapping
		@PreAuthorize("hasRole('READER')")
		String read(@Payload String text) {
			return "secret";
		}

	}

}
