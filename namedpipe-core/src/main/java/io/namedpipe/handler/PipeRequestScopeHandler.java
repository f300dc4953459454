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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

import io.namedpipe.protocol.PipeExchange;

/**
 * The scope of {@link io.namedpipe.annotation.PipeRequestScope @PipeRequestScope} beans,
 * registered under {@link io.namedpipe.annotation.PipeRequestScope#NAME}.
 *
 * @since 0.1.0
 */
public final class PipeRequestScopeHandler implements Scope {

	@Override
	public Object get(String name, ObjectFactory<?> objectFactory) {
		return current().get(name, objectFactory);
	}

	@Override
	public @Nullable Object remove(String name) {
		return current().remove(name);
	}

	@Override
	public void registerDestructionCallback(String name, Runnable callback) {
		current().registerDestructionCallback(name, callback);
	}

	private static ScopedBeans current() {
		return ScopedBeans.of(PipeExchangeHolder.currentExchange());
	}

	@Override
	public @Nullable Object resolveContextualObject(String key) {
		return null;
	}

	@Override
	public @Nullable String getConversationId() {
		PipeExchange exchange = PipeExchangeHolder.getExchange();
		return (exchange != null) ? Integer.toHexString(System.identityHashCode(exchange)) : null;
	}

}
