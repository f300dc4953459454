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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.transport.LogText;

/**
 * The request-scoped beans of one exchange. They are destroyed before the exchange is
 * answered, so that their destruction callbacks have run when the client gets its answer.
 */
final class ScopedBeans {

	private static final Log logger = LogFactory.getLog(ScopedBeans.class);

	/** Limited, so that clients cannot fill the log. */
	private static final RepeatedLine failures = new RepeatedLine(Duration.ofSeconds(10));

	private static final String ATTRIBUTE = ScopedBeans.class.getName();

	private final PipeExchange exchange;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Object> beans = new LinkedHashMap<>();

	private final Map<String, Runnable> destructionCallbacks = new LinkedHashMap<>();

	private boolean destroyed;

	private ScopedBeans(PipeExchange exchange) {
		this.exchange = exchange;
	}

	static ScopedBeans of(PipeExchange exchange) {
		ScopedBeans created = new ScopedBeans(exchange);
		Object present = exchange.attributes().putIfAbsent(ATTRIBUTE, created);
		if (present != null) {
			return (ScopedBeans) present;
		}
		exchange.onEnd(created::destroy);
		return created;
	}

	/**
	 * Destroy the beans of an exchange, if there are any.
	 * @param exchange the exchange
	 */
	static void destroy(PipeExchange exchange) {
		Object beans = exchange.attributes().get(ATTRIBUTE);
		if (beans != null) {
			((ScopedBeans) beans).destroy();
		}
	}

	Object get(String name, ObjectFactory<?> factory) {
		ExchangeBinding.requireUnanswered(this.exchange);
		Object bean = find(name);
		if (bean != null) {
			return bean;
		}
		// Not under the lock: creating the bean may wait for a thread that needs another
		// bean of the scope.
		Object created = factory.getObject();
		this.lock.lock();
		try {
			requireNotDestroyed();
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
			return this.beans.get(name);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable Object remove(String name) {
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
			requireNotDestroyed();
			this.destructionCallbacks.put(name, callback);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void requireNotDestroyed() {
		if (this.destroyed) {
			throw ExchangeBinding.over();
		}
	}

	private void destroy() {
		List<Runnable> callbacks;
		this.lock.lock();
		try {
			this.destroyed = true;
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
				failures.say((suffix) -> logger.warn("A bean of a pipe request could not be destroyed" + suffix,
						LogText.of(ex)));
			}
		}
	}

}
