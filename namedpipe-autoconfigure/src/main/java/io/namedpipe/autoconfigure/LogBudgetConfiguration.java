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
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.namedpipe.listener.LogBudget;

/**
 * The budget for lines about clients. Servers need it, and handlers that write such lines
 * are beans also where no server is.
 */
@Configuration(proxyBeanMethods = false)
class LogBudgetConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LogBudget pipeLogBudget(ObjectProvider<NamedPipeProperties> properties) {
		NamedPipeProperties.Server server = properties.getIfAvailable(NamedPipeProperties::new).getServer();
		return new LogBudget(SettingRanges.logLimit(server.getLogLimitPerUser()));
	}

}
