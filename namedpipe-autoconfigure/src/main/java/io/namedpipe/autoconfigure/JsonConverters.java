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
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The converters of an application, and JSON as its {@code JsonMapper} bean has it.
 */
final class JsonConverters {

	private static final boolean JACKSON = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			JsonConverters.class.getClassLoader());

	private JsonConverters() {
	}

	static List<MessageConverter> after(ObjectProvider<MessageConverter> converters, BeanFactory beanFactory) {
		List<MessageConverter> all = new ArrayList<>(converters.orderedStream().toList());
		if (JACKSON) {
			Json.addTo(all, beanFactory);
		}
		return all;
	}

	/**
	 * Loaded only where Jackson is. The converter is no bean, as other parts of an
	 * application would find it.
	 */
	private static final class Json {

		static void addTo(List<MessageConverter> converters, BeanFactory beanFactory) {
			beanFactory.getBeanProvider(JsonMapper.class)
				.ifUnique((mapper) -> converters.add(new JacksonJsonMessageConverter(mapper)));
		}

	}

}
