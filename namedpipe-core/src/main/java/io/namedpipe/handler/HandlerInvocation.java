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

import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A call of a method of an endpoint. Tells a request that does not fit the parameters
 * from a method that fails, and mentions no arguments: they are the client's, and for no
 * log.
 */
// The compilers of older JDKs do not see that the arrays of Spring's methods may contain
// null, so there is no signature that is right for all.
@SuppressWarnings("NullAway")
final class HandlerInvocation extends InvocableHandlerMethod {

	HandlerInvocation(Object bean, Method method) {
		super(bean, method);
	}

	@Override
	protected Object[] getMethodArgumentValues(Message<?> message, Object... provided) throws Exception {
		try {
			return super.getMethodArgumentValues(message, provided);
		}
		catch (MessagingException | ConversionException ex) {
			throw new UnfitRequestException(ex);
		}
	}

	@Override
	protected String formatInvokeError(String text, Object[] arguments) {
		return "%s: %s".formatted(text, getMethod());
	}

	/**
	 * A request cannot be made the arguments of a method. Its cause mentions the payload.
	 */
	static final class UnfitRequestException extends Exception {

		private static final long serialVersionUID = 1L;

		private final RuntimeException reason;

		private UnfitRequestException(RuntimeException reason) {
			this.reason = reason;
		}

		RuntimeException reason() {
			return this.reason;
		}

	}

}
