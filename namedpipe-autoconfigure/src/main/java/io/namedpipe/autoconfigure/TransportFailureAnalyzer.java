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
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Explains a transport that cannot work on this platform at all, for instance because a
 * module of the JDK is missing. Errors of a single pipe are explained by
 * {@link PipeStartupFailureAnalyzer}.
 */
final class TransportFailureAnalyzer extends AbstractFailureAnalyzer<PipeUnsupportedException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PipeUnsupportedException cause) {
		return (findCause(rootFailure, PipeListenerStartupException.class) != null) ? null : new FailureAnalysis(
				cause.getMessage(), "Do what the description says, and start the application again.", cause);
	}

}
