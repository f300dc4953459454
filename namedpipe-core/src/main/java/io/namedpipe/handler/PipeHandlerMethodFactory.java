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

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.MessageMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * Makes methods callable with the arguments of a request, by spring-messaging's own
 * resolvers and those of this library.
 */
public class PipeHandlerMethodFactory {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	/**
	 * Create the factory.
	 * @param beanFactory resolves placeholders
	 * @param conversionService converts headers
	 * @param messageConverter converts payloads
	 * @param customResolvers more kinds of parameters, asked before the payload
	 */
	public PipeHandlerMethodFactory(ConfigurableBeanFactory beanFactory, ConversionService conversionService,
			MessageConverter messageConverter, List<HandlerMethodArgumentResolver> customResolvers) {
		List<HandlerMethodArgumentResolver> all = new ArrayList<>();
		all.add(new HeaderMethodArgumentResolver(conversionService, beanFactory));
		all.add(new HeadersMethodArgumentResolver());
		all.add(new DestinationVariableMethodArgumentResolver(conversionService));
		all.add(new ContextArgumentResolver());
		all.add(new MessageMethodArgumentResolver(messageConverter));
		all.addAll(customResolvers);
		// Takes every parameter that is left.
		all.add(new PayloadMethodArgumentResolver(messageConverter));
		this.resolvers.addResolvers(all);
	}

	InvocableHandlerMethod prepare(InvocableHandlerMethod method) {
		method.setMessageMethodArgumentResolvers(this.resolvers);
		return method;
	}

}
