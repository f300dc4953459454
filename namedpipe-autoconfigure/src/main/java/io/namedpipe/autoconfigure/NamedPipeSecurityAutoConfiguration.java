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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import io.namedpipe.security.spring.IdentityAuthoritiesMapper;
import io.namedpipe.security.spring.PipeAuthoritiesMapper;
import io.namedpipe.security.spring.SecurityContextRequestInterceptor;

/**
 * {@link AutoConfiguration Auto-configuration} that makes the caller of a pipe Spring
 * Security's current user.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = NamedPipeServerAutoConfiguration.class, after = NamedPipeAutoConfiguration.class)
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnSwitch({ "namedpipe.enabled", "namedpipe.server.enabled" })
public final class NamedPipeSecurityAutoConfiguration {

	NamedPipeSecurityAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(PipeAuthoritiesMapper.class)
	IdentityAuthoritiesMapper pipeAuthoritiesMapper(NamedPipeProperties properties) {
		return new IdentityAuthoritiesMapper(SettingRanges.authorities(properties.getServer().getAuthorities()));
	}

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	SecurityContextRequestInterceptor pipeSecurityContextRequestInterceptor(
			ObjectProvider<SecurityContextHolderStrategy> strategy, PipeAuthoritiesMapper mapper) {
		return new SecurityContextRequestInterceptor(
				strategy.getIfUnique(SecurityContextHolder::getContextHolderStrategy), mapper);
	}

}
