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

package io.namedpipe.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds the handling of each exchange, on each thread that handles a part of it. What
 * an interceptor sets up on the thread, it must also restore. Beans of this type are
 * applied in their order, the first one outermost. An exception fails the exchange.
 * Called by many threads at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PipeExchangeInterceptor {

	/**
	 * Handle an exchange, usually by calling the rest of the chain.
	 * @param exchange the exchange
	 * @param chain the rest of the handling
	 * @return the result of the rest
	 * @throws Exception to fail the exchange
	 */
	@Nullable Object intercept(PipeExchange exchange, Chain chain) throws Exception;

	/**
	 * The rest of the handling.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Chain {

		/**
		 * Call the next interceptor or the handler.
		 * @return the result
		 * @throws Exception if the handling fails
		 */
		@Nullable Object proceed() throws Exception;

	}

}
