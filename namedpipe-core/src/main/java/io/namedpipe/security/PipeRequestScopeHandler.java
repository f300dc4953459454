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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

import io.namedpipe.annotation.PipeRequestScope;

/**
 * The scope of {@link PipeRequestScope @PipeRequestScope} beans.
 */
public class PipeRequestScopeHandler implements Scope {

	@Override
	public Object get(String name, ObjectFactory<?> objectFactory) {
		return PipeRequestContextHolder.currentRequest().bean(name, objectFactory);
	}

	@Override
	public @Nullable Object remove(String name) {
		return PipeRequestContextHolder.currentRequest().removeBean(name);
	}

	@Override
	public void registerDestructionCallback(String name, Runnable callback) {
		PipeRequestContextHolder.currentRequest().registerDestructionCallback(name, callback);
	}

	@Override
	public @Nullable Object resolveContextualObject(String key) {
		return null;
	}

	@Override
	public @Nullable String getConversationId() {
		PipeRequestAttributes request = PipeRequestContextHolder.getRequest();
		return (request != null) ? request.conversationId() : null;
	}

}
