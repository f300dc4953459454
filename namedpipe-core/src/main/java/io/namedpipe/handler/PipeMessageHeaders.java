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

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

import io.namedpipe.listener.PipeRequestContext;

/**
 * The request as spring-messaging sees it.
 */
final class PipeMessageHeaders {

	private static final String CONTEXT = "pipeRequestContext";

	/** The header with the id of the pipe. */
	static final String PIPE_ID = "pipeId";

	/** The header with the route of the request. */
	static final String ROUTE = "pipeRoute";

	private PipeMessageHeaders() {
	}

	static Message<?> toMessage(PipeRequestContext context) {
		return new GenericMessage<>(context.request().payload(),
				new Headers(Map.of(CONTEXT, context, PIPE_ID, context.pipeId(), ROUTE, context.request().route())));
	}

	static PipeRequestContext context(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		PipeRequestContext context = headers.get(CONTEXT, PipeRequestContext.class);
		if (context == null) {
			throw new IllegalStateException("The message did not come over a pipe");
		}
		return context;
	}

	/**
	 * Headers without an id and a time, which cost more than everything else here.
	 */
	private static final class Headers extends MessageHeaders {

		Headers(Map<String, Object> headers) {
			super(headers, ID_VALUE_NONE, -1L);
		}

	}

}
