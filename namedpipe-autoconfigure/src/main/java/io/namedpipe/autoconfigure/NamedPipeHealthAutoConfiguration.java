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

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.namedpipe.actuate.NamedPipeHealthIndicator;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.transport.anonymous.ChildPipeConnector;

/**
 * {@link AutoConfiguration Auto-configuration} for the health of pipes.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeServerAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(PipeListenerEndpointRegistry.class)
@ConditionalOnEnabledHealthIndicator("namedpipe")
public final class NamedPipeHealthAutoConfiguration {

	NamedPipeHealthAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "namedPipeHealthIndicator", search = SearchStrategy.CURRENT)
	NamedPipeHealthIndicator namedPipeHealthIndicator(ListableBeanFactory beanFactory,
			ObjectProvider<ChildPipeConnector> children) {
		return new NamedPipeHealthIndicator(registries(beanFactory), children.stream().toList());
	}

	// Also those of the ancestors, whose indicator this one hides.
	private static List<PipeListenerEndpointRegistry> registries(ListableBeanFactory beanFactory) {
		List<PipeListenerEndpointRegistry> registries = new ArrayList<>();
		BeanFactory next = beanFactory;
		while (next instanceof ListableBeanFactory current) {
			registries.addAll(current.getBeansOfType(PipeListenerEndpointRegistry.class).values());
			next = (current instanceof HierarchicalBeanFactory child) ? child.getParentBeanFactory() : null;
		}
		return registries;
	}

}
