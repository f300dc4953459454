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

package io.namedpipe.security;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;

import io.namedpipe.transport.Impersonation;

/**
 * What belongs to one request while it is handled: its caller, and the beans of the
 * request scope. Bound to threads by {@link #call}.
 */
public final class PipeRequestAttributes {

	private static final Log logger = LogFactory.getLog(PipeRequestAttributes.class);

	private static final AtomicLong NUMBERS = new AtomicLong();

	private final String conversationId = "pipe-request-" + NUMBERS.incrementAndGet();

	private final DefaultPipeSecurityContext securityContext;

	private final List<PipeRequestInterceptor> interceptors;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Object> beans = new LinkedHashMap<>();

	private final Map<String, Runnable> destructionCallbacks = new LinkedHashMap<>();

	private volatile boolean completed;

	/**
	 * Begin a request.
	 * @param principal the caller
	 * @param impersonation the means to act as the caller, asked for when they are needed
	 * @param executor runs what acts as the caller
	 * @param interceptors surround what is done for the request
	 */
	public PipeRequestAttributes(PipePrincipal principal, Supplier<Impersonation> impersonation,
			ImpersonationExecutor executor, List<PipeRequestInterceptor> interceptors) {
		this.securityContext = new DefaultPipeSecurityContext(this, principal, impersonation, executor);
		this.interceptors = interceptors;
	}

	/**
	 * The caller, and the means to act as the caller.
	 * @return the security context of this request
	 */
	public PipeSecurityContext securityContext() {
		return this.securityContext;
	}

	/**
	 * Do a part of the request's work with the request bound to the calling thread.
	 * @param body the work
	 * @param <T> the type of the result
	 * @return the result
	 * @throws Exception what the work throws
	 */
	public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
		requireActive();
		PipeRequestAttributes previous = PipeRequestContextHolder.set(this);
		try {
			return intercept(0, body);
		}
		finally {
			PipeRequestContextHolder.set(previous);
		}
	}

	private <T extends @Nullable Object> T intercept(int index, Callable<T> body) throws Exception {
		if (index == this.interceptors.size()) {
			return body.call();
		}
		return this.interceptors.get(index)
			.intercept(this.securityContext.principal(), () -> intercept(index + 1, body));
	}

	/**
	 * End the request: destroys its beans. Nothing of it can be used afterwards.
	 */
	public void complete() {
		List<Runnable> callbacks;
		this.lock.lock();
		try {
			if (this.completed) {
				return;
			}
			this.completed = true;
			callbacks = List.copyOf(this.destructionCallbacks.values());
			this.destructionCallbacks.clear();
			this.beans.clear();
		}
		finally {
			this.lock.unlock();
		}
		for (Runnable callback : callbacks) {
			try {
				callback.run();
			}
			catch (RuntimeException ex) {
				logger.warn("A bean of a pipe request could not be destroyed", ex);
			}
		}
	}

	void requireActive() {
		if (this.completed) {
			throw new IllegalStateException("The pipe request is over: its security context and beans end with it");
		}
	}

	String conversationId() {
		return this.conversationId;
	}

	Object bean(String name, ObjectFactory<?> factory) {
		Object bean = find(name);
		if (bean != null) {
			return bean;
		}
		// Not under the lock: making the bean may wait for a thread that needs another
		// bean.
		Object created = factory.getObject();
		this.lock.lock();
		try {
			requireActive();
			Object other = this.beans.putIfAbsent(name, created);
			return (other != null) ? other : created;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Object find(String name) {
		this.lock.lock();
		try {
			requireActive();
			return this.beans.get(name);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable Object removeBean(String name) {
		this.lock.lock();
		try {
			this.destructionCallbacks.remove(name);
			return this.beans.remove(name);
		}
		finally {
			this.lock.unlock();
		}
	}

	void registerDestructionCallback(String name, Runnable callback) {
		this.lock.lock();
		try {
			requireActive();
			this.destructionCallbacks.put(name, callback);
		}
		finally {
			this.lock.unlock();
		}
	}

}
