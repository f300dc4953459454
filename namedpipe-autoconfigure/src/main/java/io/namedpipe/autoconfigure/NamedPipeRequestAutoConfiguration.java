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

import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.handler.CurrentPipeSecurityContext;
import io.namedpipe.handler.PipeRequestScopeHandler;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.security.PipeSecurityContext;

/**
 * {@link AutoConfiguration Auto-configuration} for the beans that other beans need to
 * work for requests. It applies also where no pipe is served and there are no requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { NamedPipeServerAutoConfiguration.class, NamedPipeHealthAutoConfiguration.class })
@Import(LogBudgetConfiguration.class)
public final class NamedPipeRequestAutoConfiguration {

	NamedPipeRequestAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(PipeSecurityContext.class)
	CurrentPipeSecurityContext pipeSecurityContext() {
		return new CurrentPipeSecurityContext();
	}

	// Without a server, and without a pipe. The health indicator is for servers.
	@Bean
	@ConditionalOnMissingBean
	PipeListenerEndpointRegistry emptyPipeListenerEndpointRegistry() {
		return new PipeListenerEndpointRegistry();
	}

	@Bean
	static CustomScopeConfigurer pipeRequestScopeConfigurer() {
		CustomScopeConfigurer configurer = new CustomScopeConfigurer();
		configurer.addScope(PipeRequestScope.NAME, new PipeRequestScopeHandler());
		return configurer;
	}

}
