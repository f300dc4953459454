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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.MutablePropertyValues;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.util.MimeType;
import org.springframework.validation.BindingResult;
import org.springframework.validation.DataBinder;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.http.HttpProtocol;

/**
 * Parameters in the query of a request without a body, or in a body that is a form.
 *
 * @param parameters the values by name
 * @param named whether there are values: a text without an equals sign is one value
 * without a name
 */
record RequestForm(Map<String, List<String>> parameters, boolean named) {

	private static final MimeType TYPE = new MimeType("application", "x-www-form-urlencoded");

	/**
	 * Read the parameters of a request.
	 * @param request the request, whose body is read if it is a form
	 * @return the parameters, {@code null} if the payload is something else
	 * @throws IOException if the body cannot be read
	 */
	static @Nullable RequestForm of(PipeRequest request) throws IOException {
		String encoded = request.headers().get(HttpProtocol.QUERY);
		if (!request.body().isEmpty()) {
			MimeType type = ContentTypes.of(request.headers());
			if (type == null || !type.equalsTypeAndSubtype(TYPE)) {
				return null;
			}
			encoded = new String(request.body().bytes(ExchangeArgumentResolver.MAX_BODY_BYTES), StandardCharsets.UTF_8);
		}
		return (encoded != null) ? new RequestForm(HttpProtocol.parameters(encoded), encoded.indexOf('=') >= 0) : null;
	}

	/**
	 * Make an argument of the parameters.
	 * @param parameter the parameter of the method
	 * @param message the request, for exceptions
	 * @param conversionService converts the values
	 * @return the argument, {@code null} if there is nothing for it
	 * @throws MethodArgumentNotValidException if values do not fit
	 */
	@Nullable Object bind(MethodParameter parameter, Message<?> message, ConversionService conversionService) {
		MethodParameter nested = parameter.nestedIfOptional();
		Class<?> type = nested.getNestedParameterType();
		if (type == Object.class || (Map.class.isAssignableFrom(type)
				&& ResolvableType.forMethodParameter(nested).asMap().getGeneric(1).resolve() == Object.class)) {
			// As in JSON: only a name with several values has a list.
			return conversionService.convert(single(), TypeDescriptor.map(Map.class,
					TypeDescriptor.valueOf(String.class), TypeDescriptor.valueOf(Object.class)),
					new TypeDescriptor(parameter));
		}
		if (Map.class.isAssignableFrom(type)) {
			TypeDescriptor values = TypeDescriptor.map(Map.class, TypeDescriptor.valueOf(String.class),
					TypeDescriptor.collection(List.class, TypeDescriptor.valueOf(String.class)));
			return conversionService.convert(this.parameters, values, new TypeDescriptor(parameter));
		}
		if (BeanUtils.isSimpleProperty(type) || Collection.class.isAssignableFrom(type)
				|| type.getName().startsWith("java.")) {
			List<String> values = values(parameter.getParameter().getName());
			if (values != null && values.size() == 1) {
				// As in a bean, one text with commas is several values for a list.
				return conversionService.convert(values.get(0), new TypeDescriptor(parameter));
			}
			return (values != null) ? conversionService.convert(values,
					TypeDescriptor.collection(List.class, TypeDescriptor.valueOf(String.class)),
					new TypeDescriptor(parameter)) : null;
		}
		Object bean = bean(parameter, nested, message, conversionService);
		return (nested != parameter) ? Optional.ofNullable(bean) : bean;
	}

	// By the name of the parameter; if there is one value only, its name does not matter.
	private @Nullable List<String> values(String name) {
		if (!this.named) {
			return this.parameters.isEmpty() ? null : List.of(String.join("&", this.parameters.keySet()));
		}
		List<String> values = this.parameters.get(name);
		return (values == null && this.parameters.size() == 1) ? this.parameters.values().iterator().next() : values;
	}

	private Map<String, Object> single() {
		Map<String, Object> values = new LinkedHashMap<>();
		this.parameters.forEach((name, all) -> values.put(name, (all.size() == 1) ? all.get(0) : all));
		return values;
	}

	private @Nullable Object bean(MethodParameter parameter, MethodParameter nested, Message<?> message,
			ConversionService conversionService) {
		if (!this.named && !this.parameters.isEmpty()) {
			throw new PipeRequestException(Code.BAD_REQUEST,
					"the payload is not name=value; one of another type needs a Content-Type, such as application/json");
		}
		Map<String, Object> values = single();
		DataBinder binder = new DataBinder(null, parameter.getParameter().getName());
		binder.setTargetType(ResolvableType.forMethodParameter(nested));
		binder.setConversionService(conversionService);
		binder.construct(new DataBinder.ValueResolver() {

			@Override
			public @Nullable Object resolveValue(String name, Class<?> type) {
				return values.get(name);
			}

			@Override
			public Set<String> getNames() {
				return values.keySet();
			}

		});
		BindingResult result = binder.getBindingResult();
		if (!result.hasErrors()) {
			binder.bind(new MutablePropertyValues(values));
		}
		if (result.hasErrors()) {
			throw new MethodArgumentNotValidException(message, parameter, result);
		}
		return binder.getTarget();
	}

}
