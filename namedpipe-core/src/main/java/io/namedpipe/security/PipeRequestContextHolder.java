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
import org.springframework.core.NamedThreadLocal;

/**
 * The pipe request that the current thread works for.
 */
public final class PipeRequestContextHolder {

	private static final ThreadLocal<@Nullable PipeRequestAttributes> CURRENT = new NamedThreadLocal<>("Pipe request");

	private PipeRequestContextHolder() {
	}

	/**
	 * The current request, if there is one.
	 * @return the request, {@code null} outside of one
	 */
	public static @Nullable PipeRequestAttributes getRequest() {
		return CURRENT.get();
	}

	/**
	 * The current request.
	 * @return the request
	 * @throws IllegalStateException if the thread works for none
	 */
	public static PipeRequestAttributes currentRequest() {
		PipeRequestAttributes current = CURRENT.get();
		if (current == null) {
			throw new IllegalStateException("No pipe request is bound to this thread: the caller of a pipe is known "
					+ "only to the thread that handles the request. Take what another thread needs out of "
					+ "PipeSecurityContext first, or pass PipePrincipal on");
		}
		return current;
	}

	static @Nullable PipeRequestAttributes set(@Nullable PipeRequestAttributes next) {
		PipeRequestAttributes previous = CURRENT.get();
		if (next != null) {
			CURRENT.set(next);
		}
		else {
			CURRENT.remove();
		}
		return previous;
	}

}
