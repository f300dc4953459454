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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * Lets the servers and clients of a test's application use pipes in memory: import it
 * into the test, {@code @Import(InMemoryPipes.class)}. Works with and without Spring
 * Boot. Each application context has pipes of its own, so that tests with the same names
 * can run at once, and nothing is left on the machine.
 * <p>
 * The transport of this class takes the place of every transport bean of the application,
 * under the name of each. An auto-configured transport backs off.
 * <p>
 * Every client is the user that runs the test, and acting as the client changes nothing.
 * Settings that need an operating system are errors at start-up, as they are on a system
 * without these features: a test overrides {@code allowed} with {@code current-user},
 * {@code mode} and {@code direction} with their defaults, and a socket path with a name.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public class InMemoryPipes {

	private static final String TRANSPORT = "inMemoryPipeTransport";

	@Bean(name = TRANSPORT)
	MemoryPipeTransport inMemoryPipeTransport() {
		return new MemoryPipeTransport();
	}

	@Bean
	static BeanFactoryPostProcessor inMemoryPipeTransportReplacement() {
		return InMemoryPipes::replaceTransports;
	}

	private static void replaceTransports(ConfigurableListableBeanFactory beanFactory) {
		BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beanFactory;
		Set<String> names = new LinkedHashSet<>();
		for (Class<?> half : List.of(PipeListener.class, PipeConnector.class)) {
			names.addAll(List.of(beanFactory.getBeanNamesForType(half, true, false)));
		}
		names.remove(TRANSPORT);
		for (String name : names) {
			registry.removeBeanDefinition(name);
			registry.registerAlias(TRANSPORT, name);
		}
	}

}
