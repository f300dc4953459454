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
 * Answers the exchanges of one pipe. Called by many threads at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExchangeHandler {

	/**
	 * Answer an exchange: by {@link PipeExchange#reply} or {@link PipeExchange#fail},
	 * before this method returns, or later, by any thread, after
	 * {@link PipeExchange#defer()}.
	 * @param exchange the exchange
	 * @throws Exception instead of a failure; {@link PipeFailure#of(Throwable)} says what
	 * the client is told
	 */
	void handle(PipeExchange exchange) throws Exception;

	/**
	 * Whether the handler acts as its callers, so that the means to do so are checked
	 * when the pipe opens.
	 * @return {@code true} if it does
	 */
	default boolean runsAsClient() {
		return false;
	}

}
