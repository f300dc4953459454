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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.MessageMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

/**
 * What handler methods may take, by spring-messaging's own resolvers and those of this
 * library.
 */
final class HandlerConversion {

	private final ConversionService conversionService = new DefaultFormattingConversionService();

	private final boolean extended;

	private final boolean validating;

	private final MessageConverter messageConverter;

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	HandlerConversion(ConfigurableBeanFactory beanFactory, List<MessageConverter> converters,
			List<HandlerMethodArgumentResolver> customResolvers, @Nullable Validator validator) {
		this.extended = !converters.isEmpty();
		this.validating = validator != null;
		List<MessageConverter> allConverters = new ArrayList<>(converters);
		allConverters.add(new GenericMessageConverter(this.conversionService));
		this.messageConverter = new CompositeMessageConverter(allConverters);
		List<HandlerMethodArgumentResolver> all = new ArrayList<>();
		all.add(new HeaderMethodArgumentResolver(this.conversionService, beanFactory));
		all.add(new HeadersMethodArgumentResolver());
		all.add(new DestinationVariableMethodArgumentResolver(this.conversionService));
		all.add(new ExchangeArgumentResolver());
		all.add(new MessageMethodArgumentResolver(this.messageConverter));
		all.addAll(customResolvers);
		// Takes every parameter that is left.
		all.add(new PayloadMethodArgumentResolver(this.messageConverter, validator));
		this.resolvers.addResolvers(all);
	}

	MessageConverter messageConverter() {
		return this.messageConverter;
	}

	InvocableHandlerMethod prepare(InvocableHandlerMethod method) {
		method.setMessageMethodArgumentResolvers(this.resolvers);
		return method;
	}

	boolean resolves(MethodParameter parameter) {
		return this.resolvers.supportsParameter(parameter);
	}

	boolean validates() {
		return this.validating;
	}

	/**
	 * Whether a text may be converted to a type. A converter of the application may be
	 * able to convert anything: it is asked by the first request.
	 * @param type the type of a payload
	 * @return {@code false} if nothing converts it
	 */
	boolean convertsPayload(Class<?> type) {
		return this.extended || type == Object.class || this.conversionService.canConvert(String.class, type);
	}

	/**
	 * Whether a type may be converted to a reply, apart from the types that are replies.
	 * @return {@code false} if nothing converts it
	 */
	boolean convertsResults() {
		return this.extended;
	}

}
