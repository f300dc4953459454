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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.AnnotationExceptionHandlerMethodResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.listener.PipeRequestContext;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.security.PipeSecurityContext;

/**
 * One annotated method of one bean.
 */
final class PipeHandlerMethod {

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Method method;

	private final PipeHandlerMethodFactory factory;

	private final ReplyConverter replyConverter;

	private final AnnotationExceptionHandlerMethodResolver exceptionHandlers;

	private final boolean runAsClient;

	private volatile @Nullable InvocableHandlerMethod invocable;

	PipeHandlerMethod(BeanFactory beanFactory, String beanName, Class<?> beanType, Method method,
			PipeHandlerMethodFactory factory, ReplyConverter replyConverter) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.method = method;
		this.factory = factory;
		this.replyConverter = replyConverter;
		this.exceptionHandlers = new AnnotationExceptionHandlerMethodResolver(beanType);
		this.runAsClient = AnnotatedElementUtils.hasAnnotation(method, RunAsClient.class)
				|| AnnotatedElementUtils.hasAnnotation(beanType, RunAsClient.class);
	}

	Method method() {
		return this.method;
	}

	boolean runsAsClient() {
		return this.runAsClient;
	}

	PipeReply invoke(PipeRequestContext context, PipeSecurityContext security, Duration timeout) throws Exception {
		Message<?> message = PipeMessageHeaders.toMessage(context);
		// The bean may be lazy, or of a narrower scope than this.
		Object bean = this.beanFactory.getBean(this.beanName);
		try {
			if (this.runAsClient) {
				// What is returned is opened in there too: the file is the caller's.
				return security.runAsClient(() -> reply(invocable(bean).invoke(message), timeout));
			}
			return reply(invocable(bean).invoke(message), timeout);
		}
		catch (Exception ex) {
			Method handler = this.exceptionHandlers.resolveMethod(ex);
			if (handler == null) {
				throw ex;
			}
			Throwable cause = ex.getCause();
			return reply((cause != null) ? call(bean, handler, message, ex, cause) : call(bean, handler, message, ex),
					timeout);
		}
	}

	// What the parameters' annotations say is found out once for each such object, and
	// costs more than the call. A bean of a narrower scope is another one each time.
	private InvocableHandlerMethod invocable(Object bean) {
		InvocableHandlerMethod known = this.invocable;
		if (known == null || known.getBean() != bean) {
			known = this.factory.prepare(new InvocableHandlerMethod(bean, this.method));
			this.invocable = known;
		}
		return known;
	}

	private @Nullable Object call(Object bean, Method target, Message<?> message, Object... provided) throws Exception {
		return this.factory.prepare(new InvocableHandlerMethod(bean, target)).invoke(message, provided);
	}

	private PipeReply reply(@Nullable Object value, Duration timeout) throws Exception {
		if (value instanceof CompletionStage<?> stage) {
			CompletableFuture<?> future = stage.toCompletableFuture();
			return this.replyConverter
				.convert(timeout.isZero() ? future.get() : future.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
		}
		return this.replyConverter.convert(value);
	}

}
