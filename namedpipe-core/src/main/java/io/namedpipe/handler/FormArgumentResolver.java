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

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Makes payloads of queries and forms too, and validates them as every other one.
 */
final class FormArgumentResolver extends PayloadMethodArgumentResolver {

	private final ConversionService conversionService;

	FormArgumentResolver(MessageConverter converter, @Nullable Validator validator,
			ConversionService conversionService) {
		super(converter, validator);
		this.conversionService = conversionService;
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
		RequestForm form = RequestForm.of(PipeExchangeHolder.currentExchange().request());
		if (form == null) {
			return super.resolveArgument(parameter, message);
		}
		Object value = form.bind(parameter, message, this.conversionService);
		return super.resolveArgument(parameter, PipeMessages.with(message, (value != null) ? value : "", null));
	}

}
