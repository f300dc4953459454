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
import org.springframework.core.NamedThreadLocal;

import io.namedpipe.protocol.PipeExchange;

/**
 * Holds the exchange that is bound to the current thread.
 *
 * @since 0.1.0
 */
public final class PipeExchangeHolder {

	private static final ThreadLocal<@Nullable PipeExchange> CURRENT = new NamedThreadLocal<>("Pipe exchange");

	private PipeExchangeHolder() {
	}

	/**
	 * The exchange that is bound to the thread, if there is one.
	 * @return the exchange, or {@code null}
	 */
	public static @Nullable PipeExchange getExchange() {
		return CURRENT.get();
	}

	/**
	 * The exchange that is bound to the thread.
	 * @return the exchange
	 * @throws IllegalStateException if no exchange is bound to the thread
	 */
	public static PipeExchange currentExchange() {
		PipeExchange current = CURRENT.get();
		if (current == null) {
			throw new IllegalStateException("No pipe request is bound to this thread: the caller of a pipe is known "
					+ "only to the thread that handles the request. Take what another thread needs out of "
					+ "PipeSecurityContext first, or pass PipePrincipal on");
		}
		return current;
	}

	static @Nullable PipeExchange set(@Nullable PipeExchange next) {
		PipeExchange previous = CURRENT.get();
		if (next != null) {
			CURRENT.set(next);
		}
		else {
			CURRENT.remove();
		}
		return previous;
	}

}
