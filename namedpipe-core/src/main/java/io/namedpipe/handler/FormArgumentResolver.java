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

import java.io.InputStream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Makes payloads of queries and forms too, and validates them like all others.
 */
final class FormArgumentResolver extends PayloadMethodArgumentResolver {

	private final SmartMessageConverter converter;

	private final ConversionService conversionService;

	FormArgumentResolver(SmartMessageConverter converter, @Nullable Validator validator,
			ConversionService conversionService) {
		super(converter, validator);
		this.converter = converter;
		this.conversionService = conversionService;
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
		RequestForm form = RequestForm.of(PipeExchangeHolder.currentExchange().request());
		if (form == null) {
			// A stream is an Object already, so Spring would not convert it.
			boolean any = parameter.getParameterType() == Object.class && message.getPayload() instanceof InputStream;
			Object content = any ? this.converter.fromMessage(message, Object.class, parameter) : null;
			return super.resolveArgument(parameter,
					(content != null) ? PipeMessages.with(message, content, null) : message);
		}
		Object value = bind(form, parameter, message);
		return super.resolveArgument(parameter, PipeMessages.with(message, (value != null) ? value : "", null));
	}

	private @Nullable Object bind(RequestForm form, MethodParameter parameter, Message<?> message) {
		try {
			return form.bind(parameter, message, this.conversionService);
		}
		catch (BeansException ex) {
			// The class refuses the values, and may say which they are.
			throw new MessageConversionException(message, "The class refuses its values", ex);
		}
	}

}
