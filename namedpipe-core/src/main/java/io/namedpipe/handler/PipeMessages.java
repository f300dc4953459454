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

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.MimeType;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;

/**
 * Converts requests to messages of spring-messaging.
 */
final class PipeMessages {

	/** The header with the id of the pipe. */
	static final String PIPE_ID = "pipeId";

	/** The header with the route of the request. */
	static final String ROUTE = "pipeRoute";

	/** The headers that every request has. */
	static final Set<String> OWN_HEADERS = Set.of(PIPE_ID, ROUTE);

	private PipeMessages() {
	}

	static Message<?> toMessage(PipeExchange exchange) {
		Headers headers = new Headers(exchange.request().headers());
		headers.add(PIPE_ID, exchange.pipeId());
		headers.add(ROUTE, exchange.request().route());
		Object variables = exchange.attributes().get(PathRoutes.VARIABLES);
		if (variables != null) {
			headers.add(DestinationVariableMethodArgumentResolver.DESTINATION_TEMPLATE_VARIABLES_HEADER, variables);
		}
		PipeBody body = exchange.request().body();
		return new RequestMessage(payload(body), headers, body);
	}

	/**
	 * A message with the same headers and another payload.
	 * @param message the message
	 * @param payload the payload
	 * @param contentType its type, {@code null} if it is not known
	 * @return the other message, which does not show its content either
	 */
	static Message<?> with(Message<?> message, Object payload, @Nullable MimeType contentType) {
		Headers headers = new Headers(message.getHeaders());
		if (contentType != null) {
			headers.add(MessageHeaders.CONTENT_TYPE, contentType);
		}
		return new RequestMessage(payload, headers, (message instanceof RequestMessage own) ? own.body : null);
	}

	/**
	 * The length of the content of a request.
	 * @param message the request
	 * @return the length in bytes, negative if it is not known
	 */
	static long bodyLength(Message<?> message) {
		return (message instanceof RequestMessage own && own.body != null) ? own.body.length()
				: PipeBody.UNKNOWN_LENGTH;
	}

	/**
	 * What a log may say of the content of a request.
	 * @param body the content
	 * @return its length in parentheses after a space, or nothing if it is not known
	 */
	static String length(PipeBody body) {
		String text = body.text();
		if (text != null) {
			return " (" + text.length() + " characters)";
		}
		return (body.length() >= 0) ? " (" + body.length() + " bytes)" : "";
	}

	private static Object payload(PipeBody body) {
		String text = body.text();
		if (text != null) {
			return text;
		}
		return body.isEmpty() ? "" : body.stream();
	}

	/**
	 * A request that does not show its content. Exceptions of spring-messaging have it in
	 * their messages.
	 */
	private static final class RequestMessage extends GenericMessage<Object> {

		private static final long serialVersionUID = 1L;

		private final transient @Nullable PipeBody body;

		RequestMessage(Object payload, MessageHeaders headers, @Nullable PipeBody body) {
			super(payload, headers);
			this.body = body;
		}

		@Override
		public String toString() {
			return "a request%s".formatted((this.body != null) ? length(this.body) : "");
		}

	}

	/**
	 * Headers without an id and a time, which cost more than everything else here.
	 */
	private static final class Headers extends MessageHeaders {

		// Copied by the super class, and therefore not before.
		@SuppressWarnings("unchecked")
		Headers(Map<String, ?> headers) {
			super((Map<String, Object>) headers, ID_VALUE_NONE, -1L);
		}

		void add(String name, Object value) {
			getRawHeaders().put(name, value);
		}

	}

}
