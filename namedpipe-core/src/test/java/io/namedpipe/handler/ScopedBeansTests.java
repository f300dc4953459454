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

package io.namedpipe.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PeerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of the beans of a request: when they are made and destroyed, and by which
 * threads.
 */
@Timeout(120)
class ScopedBeansTests {

	private final PipeRequestScopeHandler scope = new PipeRequestScopeHandler();

	private final ImpersonationExecutor executor = new ImpersonationExecutor(1);

	private final List<String> events = new ArrayList<>();

	private final PipeExchange exchange = request();

	@BeforeEach
	void bind() {
		PipeExchangeHolder.set(this.exchange);
	}

	@AfterEach
	void unbind() {
		PipeExchangeHolder.set(null);
		this.executor.destroy();
	}

	private PipeExchange request() {
		return BoundRequest
			.of(PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build(), new FakeImpersonation(),
					this.executor)
			.exchange();
	}

	private Object bean(String name) {
		return this.scope.get(name, () -> {
			this.events.add("create " + name);
			return new Object();
		});
	}

	private void destructible(String name) {
		this.scope.registerDestructionCallback(name, () -> this.events.add("destroy " + name));
	}

	@Test
	void beanIsCreatedOnce() {
		Object bean = bean("a");
		assertThat(bean("a")).isSameAs(bean);
		assertThat(bean("b")).isNotSameAs(bean);
		assertThat(this.events).containsExactly("create a", "create b");
	}

	@Test
	void beanThatItsOwnCreationHasMadeIsKept() {
		Object inner = new Object();
		assertThat(this.scope.get("a", () -> {
			this.scope.get("a", () -> inner);
			return new Object();
		})).isSameAs(inner);
	}

	@Test
	void beanThatIsRemovedIsMadeAgainAndNotDestroyed() {
		Object bean = bean("a");
		destructible("a");
		destructible("b");
		assertThat(this.scope.remove("a")).isSameAs(bean);
		assertThat(this.scope.remove("a")).isNull();
		assertThat(bean("a")).isNotSameAs(bean);
		ScopedBeans.destroy(this.exchange);
		assertThat(this.events).containsExactly("create a", "create a", "destroy b");
	}

	@Test
	void beansAreDestroyedOnce() {
		destructible("a");
		ScopedBeans.destroy(this.exchange);
		ScopedBeans.destroy(this.exchange);
		this.exchange.fail(new IllegalStateException());
		assertThat(this.events).containsExactly("destroy a");
	}

	@Test
	void failedDestructionDoesNotKeepOthersFromTheirs() {
		this.scope.registerDestructionCallback("a", () -> {
			throw new IllegalStateException("no");
		});
		destructible("b");
		assertThatCode(() -> ScopedBeans.destroy(this.exchange)).doesNotThrowAnyException();
		assertThat(this.events).containsExactly("destroy b");
	}

	@Test
	void beansThatAreDestroyedAreNotGivenAndNotMadeAgain() {
		bean("a");
		ScopedBeans.destroy(this.exchange);
		assertThatIllegalStateException().isThrownBy(() -> bean("a")).withMessageContaining("is over");
		assertThatIllegalStateException().isThrownBy(() -> destructible("a")).withMessageContaining("is over");
	}

	@Test
	void nothingIsCreatedForARequestThatHasItsAnswer() {
		this.exchange.fail(new IllegalStateException());
		assertThatIllegalStateException().isThrownBy(() -> bean("a")).withMessageContaining("is over");
		assertThat(this.events).isEmpty();
	}

	@Test
	void requestHasAnIdThatIsItsOwn() {
		String id = this.scope.getConversationId();
		assertThat(id).isNotEmpty().isEqualTo(this.scope.getConversationId());
		PipeExchangeHolder.set(null);
		assertThat(this.scope.getConversationId()).isNull();
	}

	@Test
	void threadsDoNotKeepEachOtherOut() throws Exception {
		List<Consumer<ScopedBeans>> calls = List.of((beans) -> beans.get("a", Object::new),
				(beans) -> beans.get("a", Object::new), (beans) -> beans.registerDestructionCallback("a", () -> {
				}), (beans) -> beans.remove("a"), (beans) -> ScopedBeans.destroy(this.exchange),
				(beans) -> beans.remove("a"));
		ScopedBeans beans = ScopedBeans.of(this.exchange);
		for (Consumer<ScopedBeans> call : calls) {
			Thread thread = new Thread(() -> call.accept(beans));
			thread.setDaemon(true);
			thread.start();
			thread.join(Duration.ofSeconds(10).toMillis());
			assertThat(thread.isAlive()).isFalse();
		}
	}

}
