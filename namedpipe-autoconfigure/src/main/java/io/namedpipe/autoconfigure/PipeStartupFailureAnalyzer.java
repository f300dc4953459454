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

package io.namedpipe.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Explains why a pipe could not be opened.
 */
final class PipeStartupFailureAnalyzer extends AbstractFailureAnalyzer<PipeListenerStartupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PipeListenerStartupException cause) {
		Throwable reason = cause.getCause();
		return new FailureAnalysis(cause.getMessage(), action(cause.getPipeId(), reason), cause);
	}

	private static String action(String pipeId, @Nullable Throwable reason) {
		String name = "'namedpipe.server.pipes.%s.name'".formatted(pipeId);
		if (reason instanceof PipeInUseException) {
			return "Stop the other server on this pipe, or set %s to another name.".formatted(name);
		}
		if (reason instanceof PipeAddressException) {
			return "Set %s to a name without slashes of at most 247 characters, or to an absolute socket path of at most 106 bytes (102 on macOS). Where the directory is too long, set 'namedpipe.unix.directory' to a shorter one."
				.formatted(name);
		}
		if (reason instanceof PipeAccessDeniedException) {
			return "Let the user of this process write to the directory, or set 'namedpipe.unix.directory', or %s to an absolute path, where it can."
				.formatted(name);
		}
		if (reason instanceof PipeAccessRuleException) {
			return "Correct 'namedpipe.server.pipes.%s.allowed'.".formatted(pipeId);
		}
		if (reason instanceof PipeImpersonationException) {
			return "Run the server with the privilege to act as other users, let in the current user only with 'namedpipe.server.pipes.%1$s.allowed', or set 'namedpipe.server.pipes.%1$s.impersonation' to 'if-available' to refuse the requests of other users one by one."
				.formatted(pipeId);
		}
		if (reason instanceof PipeUnsupportedException) {
			return "Remove the setting from 'namedpipe.server.pipes.%s', or choose a transport that has it with 'namedpipe.transport'."
				.formatted(pipeId);
		}
		return "Correct the settings under 'namedpipe.server.pipes.%s'.".formatted(pipeId);
	}

}
