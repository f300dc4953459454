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

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.InputStreamSource;
import org.springframework.messaging.Message;

/**
 * Types of payloads and results that are no values. JSON can be made of most of them, and
 * says nothing.
 */
final class ValueTypes {

	private static final List<Class<?>> DEFERRED = List.of(Future.class, CompletionStage.class, Callable.class,
			Runnable.class, Supplier.class, Flow.Publisher.class);

	private static final List<Class<?>> STREAMS = List.of(Closeable.class, InputStreamSource.class, Void.class);

	private static final String HTTP_ENTITY = "org.springframework.http.HttpEntity";

	private ValueTypes() {
	}

	/**
	 * What the content of a request becomes for a parameter.
	 * @param parameter the parameter, which may be a message
	 * @return the type, without the message
	 */
	static ResolvableType payload(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		return Message.class.isAssignableFrom(parameter.getParameterType()) ? type.as(Message.class).getGeneric()
				: type;
	}

	/**
	 * Whether objects of a type have no value yet. Reactive types are known only where
	 * their library is.
	 * @param type the type
	 * @return {@code true} if they have none
	 */
	static boolean isDeferred(Class<?> type) {
		return DEFERRED.stream().anyMatch((each) -> each.isAssignableFrom(type))
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
	}

	/**
	 * Whether objects of a type have no value yet, or consist of such.
	 * @param type the type
	 * @return {@code true} if they have none
	 */
	static boolean isDeferred(ResolvableType type) {
		return isDeferred(type.resolve(Object.class)) || Stream.of(type.getGenerics()).anyMatch(ValueTypes::isDeferred)
				|| (type.isArray() && isDeferred(type.getComponentType()));
	}

	/**
	 * Whether a type is a stream, a channel, a resource or a response of another library,
	 * or consists of such. Formats of values do not know these.
	 * @param type the type
	 * @return {@code true} if it is
	 */
	static boolean isStream(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		return STREAMS.stream().anyMatch((each) -> each.isAssignableFrom(raw)) || isHttpEntity(raw)
				|| Stream.of(type.getGenerics()).anyMatch(ValueTypes::isStream)
				|| (type.isArray() && isStream(type.getComponentType()));
	}

	private static boolean isHttpEntity(Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			if (each.getName().equals(HTTP_ENTITY)) {
				return true;
			}
		}
		return false;
	}

}
