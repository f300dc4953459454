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

package io.namedpipe.transport;

import org.jspecify.annotations.Nullable;

/**
 * Something that says who may connect to a pipe, or who must own it, is not
 * understandable: a security descriptor, a SID, or the name of an account.
 */
public class PipeAccessRuleException extends PipeException {

	private final String rule;

	private final String reason;

	/**
	 * Create the exception.
	 * @param rule the rule as it was given
	 * @param reason why it is refused
	 * @param cause what the operating system or the JDK reported
	 */
	public PipeAccessRuleException(String rule, String reason, @Nullable Throwable cause) {
		super("The access rule '%s' is refused: %s".formatted(rule, reason), cause);
		this.rule = rule;
		this.reason = reason;
	}

	/**
	 * The rule as it was given.
	 * @return the rule
	 */
	public String getRule() {
		return this.rule;
	}

	/**
	 * Why it is refused.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

}
