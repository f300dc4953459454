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
 * Thrown when a rule about the users that may connect, or about the owner of the server,
 * has no meaning on this machine: it names an unknown user or group, or an id of another
 * operating system. Such a rule lets no client in and accepts no server.
 *
 * @since 0.1.0
 */
public class PipeAccessRuleException extends PipeException {

	private final String rule;

	public PipeAccessRuleException(String rule, String reason) {
		this(rule, reason, null);
	}

	public PipeAccessRuleException(String rule, String reason, @Nullable Throwable cause) {
		super("The rule '%s' cannot be used: %s".formatted(rule, reason), cause);
		this.rule = rule;
	}

	/**
	 * The rule that cannot be used.
	 * @return the rule as it was given
	 */
	public String rule() {
		return this.rule;
	}

}
