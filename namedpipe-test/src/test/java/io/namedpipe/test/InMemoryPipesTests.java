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

package io.namedpipe.test;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link InMemoryPipes} in applications without Spring Boot.
 */
class InMemoryPipesTests {

	@Test
	void applicationWithoutATransportGetsOne() {
		try (AnnotationConfigApplicationContext context = context()) {
			assertThat(context.getBean(PipeTransport.class)).isInstanceOf(MemoryPipeTransport.class);
		}
	}

	@Test
	void everyTransportOfTheApplicationIsReplaced() {
		try (AnnotationConfigApplicationContext context = context(Transports.class)) {
			MemoryPipeTransport transport = context.getBean(MemoryPipeTransport.class);
			assertThat(context.getBean(PipeListener.class)).isSameAs(transport);
			assertThat(context.getBean(PipeConnector.class)).isSameAs(transport);
			assertThat(context.getBean("local")).isSameAs(transport);
			assertThat(context.getBean("other")).isSameAs(transport);
			assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> context.getBean(UnixPipeTransport.class));
			assertThat(context.getBean(Connected.class).connector()).isSameAs(transport);
		}
	}

	@Test
	void contextsHavePipesOfTheirOwn() {
		try (AnnotationConfigApplicationContext first = context();
				AnnotationConfigApplicationContext second = context()) {
			for (AnnotationConfigApplicationContext context : new AnnotationConfigApplicationContext[] { first,
					second }) {
				assertThat(context.getBean(PipeTransport.class)
					.bind(PipeAddress.of("same"), PipeServerOptions.defaults())
					.isOpen()).isTrue();
			}
		}
	}

	private static AnnotationConfigApplicationContext context(Class<?>... more) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(InMemoryPipes.class);
		if (more.length > 0) {
			context.register(more);
		}
		context.refresh();
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	static class Transports {

		@Bean
		PipeTransport local() {
			throw new IllegalStateException("The test must not create it");
		}

		@Bean
		UnixPipeTransport other() {
			throw new IllegalStateException("The test must not create it");
		}

		@Bean
		Connected connected(PipeConnector other) {
			return new Connected(other);
		}

	}

	private record Connected(PipeConnector connector) {
	}

}
