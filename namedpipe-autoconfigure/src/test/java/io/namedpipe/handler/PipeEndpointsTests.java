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

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * All endpoints of a context: pipes that none of them serves, and the opener of their
 * files.
 */
@Timeout(120)
class PipeEndpointsTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void pipeThatIsConfiguredAndNotServedIsNotOpenedAndMentioned() {
		try (LogCapture log = LogCapture.of("nobody-serves-me")) {
			List<Runnable> checks = new ArrayList<>();
			withChecks(this.runner, checks).withPropertyValues("namedpipe.server.pipes.nobody-serves-me.name=x")
				.run((context) -> {
					assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainers()).isEmpty();
					checks.forEach(Runnable::run);
					assertThat(log.lines()).singleElement().asString().startsWith("WARN").contains("is not opened");
				});
		}
	}

	@Test
	void pipesThatOtherContextsOfTheTreeServeAreNotMissed() {
		String[] settings = { "namedpipe.server.pipes.tree-a.name=tree.a", "namedpipe.server.pipes.tree-b.name=tree.b",
				"namedpipe.server.pipes.tree-none.name=tree.none" };
		List<Runnable> checks = new ArrayList<>();
		ApplicationContextRunner each = withChecks(this.runner, checks).withPropertyValues(settings);
		try (LogCapture log = LogCapture.of("'tree-")) {
			each.run((parent) -> each.withParent(parent)
				.withUserConfiguration(TreeA.class)
				.run((child) -> each.withParent(parent).withUserConfiguration(TreeB.class).run((sibling) -> {
					assertThat(sibling).hasNotFailed();
					assertThat(checks).hasSize(3);
					checks.forEach(Runnable::run);
				})));
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("WARN"))
				.hasSize(3)
				.allMatch((line) -> line.contains("'tree-none'"));
			// After the close.
			checks.forEach(Runnable::run);
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("WARN")).hasSize(3);
		}
	}

	// What is checked a while after the start, for the test to run.
	private static ApplicationContextRunner withChecks(ApplicationContextRunner runner, List<Runnable> checks) {
		return runner.withBean(BeanPostProcessor.class, () -> new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String beanName) {
				if (bean instanceof PipeEndpoints endpoints) {
					endpoints.check(checks::add);
				}
				return bean;
			}

		});
	}

	@Test
	void filesAreOpenedByTheOpenerOfTheTransportThatHasOne() throws Exception {
		FileOpener opener = mock(FileOpener.class);
		PipeListener strict = mock(PipeListener.class);
		given(strict.fileOpener()).willReturn(opener);
		PipeListener portable = mock(PipeListener.class);
		given(portable.fileOpener()).willReturn(FileOpener.portable());
		given(opener.open(any(), any())).willThrow(new NoSuchFileException("x"));
		this.runner.withPropertyValues("namedpipe.server.pipes.files.name=opener")
			.withBean("portable", PipeListener.class, () -> portable)
			.withBean("strict", PipeListener.class, () -> strict)
			.withUserConfiguration(ReturnsPath.class)
			.run((context) -> {
				assertThat(context.getBean(PipeTransport.class).fileOpener()).isSameAs(FileOpener.portable());
				assertThatExceptionOfType(PipeNoReplyException.class)
					.isThrownBy(() -> PipeRunner.ask(context, "opener", "x"));
				then(opener).should().open(eq(Path.of("x")), any());
			});
	}

	@PipeEndpoint("tree-a")
	static class TreeA {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

	}

	@PipeEndpoint("tree-b")
	static class TreeB {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

	}

	@PipeEndpoint("files")
	static class ReturnsPath {

		@PipeMapping
		Path read(@Payload String name) {
			return Path.of(name);
		}

	}

}
