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

package io.namedpipe.listener;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.transport.LogText;

/**
 * Reports errors that should not happen on a pipe, so that they neither end the serving
 * of other clients nor fill the log. Thread-safe.
 */
final class Surprises {

	private static final Log logger = LogFactory.getLog(Surprises.class);

	private final String pipeId;

	private final RepeatedLine line = new RepeatedLine(Duration.ofSeconds(10));

	Surprises(String pipeId) {
		this.pipeId = pipeId;
	}

	/**
	 * Run an action whose failure must not affect anything else.
	 * @param action the action, whose failure is reported
	 */
	void guard(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException | Error ex) {
			report("a connection cannot be looked after", ex);
		}
	}

	/**
	 * Write an ERROR line with the stack trace, or count it.
	 * @param what what has happened
	 * @param cause the reason
	 */
	void report(String what, Throwable cause) {
		this.line
			.say((suffix) -> logger.error("Pipe '%s': %s%s".formatted(this.pipeId, what, suffix), LogText.of(cause)));
	}

}
