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

package io.namedpipe.security.spring;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccessDeniedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring Security's context on a thread before, during and after a request.
 */
class SecurityContextRequestInterceptorTests {

	private final SecurityContextHolderStrategy strategy = SecurityContextHolder.getContextHolderStrategy();

	private final SecurityContextRequestInterceptor interceptor = new SecurityContextRequestInterceptor(this.strategy,
			(principal) -> List.of());

	private final PipeExchange exchange = Sessions.connection(new ScriptedChannel())
		.begin(PipeRequest.of("x"), new PipeExchange.Responder() {

			@Override
			public void reply(PipeReply reply) {
			}

			@Override
			public void fail(PipeFailure failure) {
			}

		});

	@AfterEach
	void clear() {
		this.strategy.clearContext();
	}

	private SecurityContext handle() throws Exception {
		return (SecurityContext) this.interceptor.intercept(this.exchange, () -> {
			SecurityContext context = this.strategy.getContext();
			assertThat(context.getAuthentication().getName()).isEqualTo("tester");
			return context;
		});
	}

	@Test
	void threadThatHadNoUserHasNoneAfterwards() throws Exception {
		SecurityContext first = handle();
		assertThat(this.strategy.getContext().getAuthentication()).isNull();
		assertThat(this.strategy.getContext()).isNotSameAs(first);
		assertThat(handle()).isNotSameAs(first);
	}

	@Test
	void threadThatHadAUserHasItAgainAfterwards() throws Exception {
		SecurityContext own = this.strategy.createEmptyContext();
		own.setAuthentication(new TestingAuthenticationToken("administrator", ""));
		this.strategy.setContext(own);
		assertThat(handle()).isNotSameAs(own);
		assertThat(this.strategy.getContext()).isSameAs(own);
		assertThat(own.getAuthentication().getName()).isEqualTo("administrator");
	}

	@Test
	void contextThatTheThreadHadIsNotFilled() throws Exception {
		SecurityContext empty = this.strategy.getContext();
		handle();
		assertThat(empty.getAuthentication()).isNull();
	}

	@Test
	void failureEndsTheContextTooAndARefusalHasTheNameOfTheCaller() {
		assertThatExceptionOfType(PipeAccessDeniedException.class)
			.isThrownBy(() -> this.interceptor.intercept(this.exchange, () -> {
				throw new AccessDeniedException("a rule of the application");
			}))
			.withMessage("access denied to tester");
		assertThat(this.strategy.getContext().getAuthentication()).isNull();
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.interceptor.intercept(this.exchange, () -> {
				throw new IllegalStateException("x");
			}));
		assertThat(this.strategy.getContext().getAuthentication()).isNull();
	}

	@Test
	void authoritiesAreThoseOfTheIdsAndWhatIsGrantedToThem() {
		IdentityAuthoritiesMapper mapper = new IdentityAuthoritiesMapper(
				Map.of("1001", List.of("BY_ID"), "alice", List.of("BY_NAME"), "group:500", List.of("BY_GROUP"), "500",
						List.of("GROUP_TAKEN_FOR_A_USER"), "S-1-5-32-544", List.of("BY_SID")));
		assertThat(authorities(mapper,
				PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").primaryGroup("500").build()))
			.containsExactlyInAnyOrder("PIPE_CLIENT", "UID_1001", "BY_ID", "BY_NAME", "GID_500", "BY_GROUP");
		assertThat(authorities(mapper,
				PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21-1")
					.name("bob")
					.primaryGroup("S-1-5-32-544")
					.build()))
			.containsExactlyInAnyOrder("PIPE_CLIENT", "SID_S-1-5-21-1", "SID_S-1-5-32-544", "BY_SID");
	}

	private static List<String> authorities(IdentityAuthoritiesMapper mapper, PeerIdentity identity) {
		return mapper.mapAuthorities(new PipePrincipal(identity)).stream().map(GrantedAuthority::getAuthority).toList();
	}

	@Test
	void tokenIsAuthenticated() {
		PipeAuthenticationToken token = new PipeAuthenticationToken(new PipePrincipal(this.exchange.peer()), List.of());
		assertThat(token.isAuthenticated()).isTrue();
		assertThat(token.getName()).isEqualTo("tester");
		assertThat(token.getCredentials()).isNull();
	}

}
