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
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Converts JSON by a {@code JsonMapper} of its own, for applications that do not say
 * which one. The mapper is made for the first object: it would take a tenth of the start
 * of a small application, which may have none.
 */
final class DefaultJsonConverter extends AbstractMessageConverter {

	DefaultJsonConverter() {
		super(MimeTypeUtils.APPLICATION_JSON, new MimeType("application", "*+json"));
	}

	static boolean isUsable(@Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", classLoader);
	}

	/**
	 * Make the mapper now.
	 */
	void prepare() {
		converter();
	}

	private static SmartMessageConverter converter() {
		return Json.CONVERTER;
	}

	@Override
	protected boolean supports(Class<?> type) {
		return true;
	}

	@Override
	protected @Nullable Object convertFromInternal(Message<?> message, Class<?> type, @Nullable Object hint) {
		return converter().fromMessage(message, type, hint);
	}

	@Override
	protected @Nullable Object convertToInternal(Object payload, @Nullable MessageHeaders headers,
			@Nullable Object hint) {
		Message<?> message = converter().toMessage(payload, headers, hint);
		return (message != null) ? message.getPayload() : null;
	}

	/**
	 * Loaded only when there is JSON to convert.
	 */
	private static final class Json {

		static final SmartMessageConverter CONVERTER = new JacksonJsonMessageConverter();

	}

}
