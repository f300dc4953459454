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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.MessageMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;
import org.springframework.validation.Validator;

import io.namedpipe.handler.HandlerInvocation.UnfitRequestException;

/**
 * The argument resolvers and message converters of handler methods: those of
 * spring-messaging, of this library, and of the application.
 */
final class HandlerConversion {

	private final ConversionService conversionService = new DefaultFormattingConversionService();

	/** Whether there are converters of the application, of JSON or other formats. */
	private final boolean extended;

	/** Whether one of them may know other things than JSON does. */
	private final boolean special;

	private final boolean validating;

	/** {@code null} if the application has its own, or none. */
	private final @Nullable DefaultJsonConverter json;

	private final BodyMessageConverter messageConverter;

	private final HandlerMethodArgumentResolverComposite resolvers = new ArgumentResolvers();

	private final FormArgumentResolver payloadResolver;

	HandlerConversion(ConfigurableBeanFactory beanFactory, List<MessageConverter> ownConverters,
			List<HandlerMethodArgumentResolver> customResolvers, @Nullable Validator validator) {
		this.json = (ownConverters.stream().noneMatch(HandlerConversion::isJson)
				&& DefaultJsonConverter.isUsable(beanFactory.getBeanClassLoader())) ? new DefaultJsonConverter() : null;
		List<MessageConverter> converters = new ArrayList<>(ownConverters);
		if (this.json != null) {
			converters.add(this.json);
		}
		this.extended = !converters.isEmpty();
		this.special = !converters.stream().allMatch(HandlerConversion::isJson);
		this.validating = validator != null;
		this.messageConverter = new BodyMessageConverter(converters,
				new GenericMessageConverter(this.conversionService));
		List<HandlerMethodArgumentResolver> all = new ArrayList<>();
		all.add(new RequestHeaderResolver(this.conversionService, beanFactory));
		all.add(new HeadersMethodArgumentResolver());
		all.add(new DestinationVariableMethodArgumentResolver(this.conversionService));
		all.add(new ExchangeArgumentResolver());
		all.add(new MessageMethodArgumentResolver(this.messageConverter));
		all.addAll(customResolvers);
		// Takes all other parameters.
		this.payloadResolver = new FormArgumentResolver(this.messageConverter, validator, this.conversionService);
		all.add(this.payloadResolver);
		this.resolvers.addResolvers(all);
	}

	private static boolean isJson(MessageConverter converter) {
		return converter instanceof AbstractMessageConverter known && !known.getSupportedMimeTypes().isEmpty()
				&& known.getSupportedMimeTypes().stream().allMatch((type) -> type.getSubtype().contains("json"));
	}

	/**
	 * Make ready what converts objects, for handlers that run as their clients: the
	 * permissions of a client need not suffice to load classes.
	 */
	void prepare() {
		if (this.json != null) {
			this.json.prepare();
		}
	}

	BodyMessageConverter messageConverter() {
		return this.messageConverter;
	}

	HandlerInvocation invocation(Object bean, Method method) {
		HandlerInvocation invocation = new HandlerInvocation(bean, method);
		invocation.setMessageMethodArgumentResolvers(this.resolvers);
		return invocation;
	}

	/**
	 * Whether a parameter is converted from the content of the request, as every
	 * parameter is that is nothing else.
	 * @param parameter the parameter
	 * @return {@code true} if it is
	 */
	boolean isConvertedPayload(MethodParameter parameter) {
		return resolver(parameter) == this.payloadResolver;
	}

	/**
	 * Whether a parameter is the content of the request, converted or as it is.
	 * @param parameter the parameter
	 * @return {@code true} if it is
	 */
	boolean isPayload(MethodParameter parameter) {
		return isConvertedPayload(parameter) || (resolver(parameter) instanceof ExchangeArgumentResolver
				&& ExchangeArgumentResolver.isBody(parameter.getParameterType()));
	}

	private @Nullable HandlerMethodArgumentResolver resolver(MethodParameter parameter) {
		return this.resolvers.getResolvers()
			.stream()
			.filter((resolver) -> resolver.supportsParameter(parameter))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Whether a header or a variable of a route can be converted to a parameter.
	 * @param parameter the parameter
	 * @return {@code false} if nothing converts a text to its type
	 */
	boolean convertsText(MethodParameter parameter) {
		return this.conversionService.canConvert(TypeDescriptor.valueOf(String.class), new TypeDescriptor(parameter));
	}

	boolean validates() {
		return this.validating;
	}

	/**
	 * Whether a request may be converted to a type. A converter of the application may be
	 * able to convert anything: it is asked by the first request.
	 * @param parameter the parameter
	 * @param type the type of its payload
	 * @return {@code false} if nothing converts it
	 */
	boolean convertsPayload(MethodParameter parameter, ResolvableType type) {
		Class<?> payload = type.resolve(Object.class);
		return (this.extended && isConvertible(type) && (this.special || isKnown(parameter, payload)))
				|| payload == Object.class
				|| (payload != byte[].class && this.conversionService.canConvert(String.class, payload)
						&& BodyMessageConverter.hasTexts(type));
	}

	// Of an abstract class, JSON becomes what annotations or modules say. Only a try
	// tells whether they do.
	private boolean isKnown(MethodParameter parameter, Class<?> type) {
		if (!Modifier.isAbstract(type.getModifiers()) || type.isPrimitive() || type.isArray()) {
			return true;
		}
		try {
			this.messageConverter.fromMessage(MessageBuilder.withPayload("{}".getBytes(StandardCharsets.UTF_8))
				.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
				.build(), type, parameter);
			return true;
		}
		catch (RuntimeException ex) {
			return JsonErrors.unfitClass(ex) == null;
		}
	}

	private boolean isConvertible(ResolvableType type) {
		return this.special || !ValueTypes.isStream(type);
	}

	/**
	 * Whether a result that is not one of the types that need no converter can be
	 * converted.
	 * @param type the type of the result
	 * @return {@code false} if nothing converts it
	 */
	boolean convertsResults(ResolvableType type) {
		return this.extended && isConvertible(type);
	}

	/**
	 * Says which parameter the request has no value for.
	 */
	private static final class ArgumentResolvers extends HandlerMethodArgumentResolverComposite {

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			try {
				return super.resolveArgument(parameter, message);
			}
			catch (MessagingException | ConversionException ex) {
				throw new UnfitRequestException(ex, parameter);
			}
		}

	}

	/**
	 * Finds headers whose names are written as in HTTP, where case means nothing.
	 */
	private static final class RequestHeaderResolver extends HeaderMethodArgumentResolver {

		RequestHeaderResolver(ConversionService conversionService, ConfigurableBeanFactory beanFactory) {
			super(conversionService, beanFactory);
		}

		@Override
		protected @Nullable Object resolveArgumentInternal(MethodParameter parameter, Message<?> message, String name)
				throws Exception {
			Object value = super.resolveArgumentInternal(parameter, message, name);
			return (value != null) ? value
					: super.resolveArgumentInternal(parameter, message, name.toLowerCase(Locale.ROOT));
		}

	}

}
