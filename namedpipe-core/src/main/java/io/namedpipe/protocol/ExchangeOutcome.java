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
 * How an exchange has ended: with a reply, with a failure, which the client is told if
 * the protocol can carry it, or abandoned, because the connection has ended.
 *
 * @param failure the failure, or {@code null} if there is none
 * @param cause the exception that led to the outcome, or {@code null} if there is none
 * @since 0.1.0
 */
public record ExchangeOutcome(@Nullable PipeFailure failure, @Nullable Throwable cause) {

	static final ExchangeOutcome REPLIED = new ExchangeOutcome(null, null);

	static ExchangeOutcome abandoned(Throwable cause) {
		return new ExchangeOutcome(null, cause);
	}

	/**
	 * Whether the whole reply was written.
	 * @return {@code true} if it was
	 */
	public boolean isReplied() {
		return this.failure == null && this.cause == null;
	}

	/**
	 * Whether the exchange was not answered because the connection had ended.
	 * @return {@code true} if so
	 */
	public boolean isAbandoned() {
		return this.failure == null && this.cause != null;
	}

}
