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

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.actuate.NamedPipeHealthIndicator;
import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Contexts with parents: each serves its own endpoints, as long as it lives.
 */
@Timeout(120)
class ContextHierarchyTests {

	private final ApplicationContextRunner parent = PipeRunner.create();

	private final ApplicationContextRunner child = PipeRunner.create();

	private static void run(ApplicationContextRunner parent, ApplicationContextRunner child,
			BiConsumer<AssertableApplicationContext, AssertableApplicationContext> test) {
		parent.run((parentContext) -> {
			assertThat(parentContext).hasNotFailed();
			child.withParent(parentContext).run((childContext) -> test.accept(parentContext, childContext));
		});
	}

	@Test
	void endpointsOfBothContextsAreServedAsLongAsTheyLive() {
		this.parent.withUserConfiguration(EndpointA.class).run((parentContext) -> {
			this.child.withParent(parentContext).withUserConfiguration(EndpointB.class).run((childContext) -> {
				assertThat(childContext).hasNotFailed();
				assertThat(PipeRunner.ask(childContext, "a", "x")).isEqualTo("a x");
				assertThat(PipeRunner.ask(childContext, "b", "x")).isEqualTo("b x");
				assertThat(containers(parentContext)).containsExactly("a RUNNING");
				assertThat(containers(childContext)).containsExactly("b RUNNING");
			});
			assertThat(PipeRunner.ask(parentContext, "a", "x")).isEqualTo("a x");
			assertThat(containers(parentContext)).containsExactly("a RUNNING");
		});
	}

	private static List<String> containers(AssertableApplicationContext context) {
		return context.getBean(PipeListenerEndpointRegistry.class)
			.getContainers()
			.stream()
			.map((container) -> container.id() + " " + container.state())
			.toList();
	}

	@Test
	void childHasItsOwnSettingsAndTemplate() {
		run(this.parent
			.withPropertyValues("namedpipe.server.pipes.a.name=hierarchy.a", "namedpipe.client.default-pipe=a")
			.withUserConfiguration(EndpointA.class),
				this.child
					.withPropertyValues("namedpipe.server.pipes.b.name=hierarchy.b", "namedpipe.client.default-pipe=b")
					.withUserConfiguration(EndpointB.class, UsesOperations.class),
				(parentContext, childContext) -> {
					assertThat(childContext).hasNotFailed();
					assertThat(parentContext.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("a x");
					assertThat(childContext.getBean(UsesOperations.class).operations().requestFile("x"))
						.isEqualTo("b x");
				});
	}

	@Test
	void pipeThatAnAncestorServesIsNotMissedByTheChild() {
		String[] settings = { "namedpipe.server.pipes.a.name=missed.a", "namedpipe.server.pipes.b.name=missed.b" };
		this.parent.withPropertyValues(settings).withUserConfiguration(EndpointA.class).run((parentContext) -> {
			try (LogCapture log = LogCapture.of("is not opened")) {
				this.child.withPropertyValues(settings)
					.withParent(parentContext)
					.withUserConfiguration(EndpointB.class)
					.run((childContext) -> assertThat(PipeRunner.ask(childContext, "missed.b", "x")).isEqualTo("b x"));
				assertThat(log.lines()).noneMatch((line) -> line.contains("'a'") || line.contains("'b'"));
			}
		});
	}

	@Test
	void endpointOfAParentWithoutPipesOfItsOwnIsServedByTheChild() {
		run(new ApplicationContextRunner().withUserConfiguration(EndpointA.class), this.child,
				(parentContext, childContext) -> {
					assertThat(PipeRunner.ask(childContext, "a", "x")).isEqualTo("a x");
					assertThat(containers(childContext)).containsExactly("a RUNNING");
				});
	}

	@Test
	void endpointAboveAContextWithPipesIsServedByThatOneAlone() {
		run(new ApplicationContextRunner().withUserConfiguration(EndpointA.class), this.parent,
				(top, middle) -> this.child.withParent(middle).withUserConfiguration(EndpointB.class).run((bottom) -> {
					assertThat(bottom).hasNotFailed();
					assertThat(containers(middle)).containsExactly("a RUNNING");
					assertThat(containers(bottom)).containsExactly("b RUNNING");
					assertThat(PipeRunner.ask(bottom, "a", "x")).isEqualTo("a x");
				}));
	}

	@Test
	void replacementOfAnAncestorHoldsForTheChild() {
		run(this.parent.withUserConfiguration(OwnContainers.class), this.child.withUserConfiguration(EndpointB.class),
				(parentContext, childContext) -> {
					assertThat(childContext).hasNotFailed();
					assertThat(parentContext.getBean(OwnContainers.class).created).containsExactly("b");
				});
	}

	@Test
	void healthOfTheChildShowsThePipesOfBoth() {
		run(this.parent.withUserConfiguration(EndpointA.class), this.child.withUserConfiguration(EndpointB.class),
				(parentContext, childContext) -> {
					Health health = childContext.getBean(NamedPipeHealthIndicator.class).health();
					assertThat(health.getStatus()).isEqualTo(Status.UP);
					assertThat(health.getDetails()).containsEntry("a", ContainerState.RUNNING)
						.containsEntry("b", ContainerState.RUNNING);
				});
	}

	@PipeEndpoint("a")
	static class EndpointA {

		@PipeMapping
		String read(@Payload String text) {
			return "a " + text;
		}

	}

	@PipeEndpoint("b")
	static class EndpointB {

		@PipeMapping
		String read(@Payload String text) {
			return "b " + text;
		}

	}

	record UsesOperations(PipeOperations operations) {
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnContainers {

		private final List<String> created = new ArrayList<>();

		@Bean
		PipeOperations ownOperations() {
			return mock(PipeOperations.class);
		}

		@Bean
		PipeListenerContainerFactory ownContainers(PipeTransport transport) {
			return new PipeListenerContainerFactory(List.of(transport), List.of()) {

				@Override
				public PipeListenerContainer create(PipeContainerSettings settings, ExchangeHandler handler) {
					OwnContainers.this.created.add(settings.id());
					return super.create(settings, handler);
				}

			};
		}

	}

}
