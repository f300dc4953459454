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

/**
 * Answers the exchanges of one pipe. Many threads call it at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExchangeHandler {

	/**
	 * Answer an exchange with {@link PipeExchange#reply} or {@link PipeExchange#fail}.
	 * This is done before the method returns, or, after {@link PipeExchange#defer()},
	 * later by any thread.
	 * @param exchange the exchange
	 * @throws Exception if the exchange fails; {@link PipeFailure#of(Throwable)} makes
	 * the failure that the client is told
	 */
	void handle(PipeExchange exchange) throws Exception;

	/**
	 * Whether the handler acts as its callers. If so, it is checked when the pipe opens
	 * that this process can do that.
	 * @return {@code true} if it acts as them; {@code false} by default
	 */
	default boolean runsAsClient() {
		return false;
	}

}
