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
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.converter.MessageConverter;

import io.namedpipe.listener.PipeRequestHandler;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeRequestInterceptor;
import io.namedpipe.transport.FileOpener;

/**
 * Makes request handlers of annotated methods.
 */
public class PipeRequestHandlerFactory {

	private final BeanFactory beanFactory;

	private final PipeHandlerMethodFactory methodFactory;

	private final ReplyConverter replyConverter;

	private final ImpersonationExecutor impersonationExecutor;

	private final List<PipeRequestInterceptor> interceptors;

	/**
	 * Create the factory.
	 * @param beanFactory has the beans of the methods
	 * @param methodFactory makes methods callable
	 * @param messageConverter converts what methods return
	 * @param impersonationExecutor runs methods as their callers
	 * @param interceptors surround every request
	 * @param fileOpener opens the files that methods return
	 */
	public PipeRequestHandlerFactory(BeanFactory beanFactory, PipeHandlerMethodFactory methodFactory,
			MessageConverter messageConverter, ImpersonationExecutor impersonationExecutor,
			List<PipeRequestInterceptor> interceptors, FileOpener fileOpener) {
		this.beanFactory = beanFactory;
		this.methodFactory = methodFactory;
		this.replyConverter = new ReplyConverter(messageConverter, fileOpener);
		this.impersonationExecutor = impersonationExecutor;
		this.interceptors = List.copyOf(interceptors);
	}

	PipeHandlerMethod method(String beanName, Class<?> type, Method method) {
		return new PipeHandlerMethod(this.beanFactory, beanName, type, method, this.methodFactory, this.replyConverter);
	}

	PipeRequestHandler handler(Map<String, PipeHandlerMethod> routes, Duration timeout) {
		return new RoutingRequestHandler(routes, timeout, this.impersonationExecutor, this.interceptors);
	}

}
