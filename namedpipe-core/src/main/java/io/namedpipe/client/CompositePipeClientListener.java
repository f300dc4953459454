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

package io.namedpipe.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeAddress;

/**
 * Delegates to several listeners. An exception of a listener is logged, and the other
 * listeners are still called.
 */
final class CompositePipeClientListener implements PipeClientListener {

	private static final Log logger = LogFactory.getLog(CompositePipeClientListener.class);

	private final List<PipeClientListener> listeners;

	/** Limited, so that requests cannot fill the log. */
	private final RepeatedLine failures = new RepeatedLine(Duration.ofSeconds(10));

	CompositePipeClientListener(List<? extends PipeClientListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void connectionOpened(PipeAddress address) {
		tell((listener) -> listener.connectionOpened(address));
	}

	@Override
	public void connectionClosed(PipeAddress address) {
		tell((listener) -> listener.connectionClosed(address));
	}

	@Override
	public void exchangeStarted(PipeAddress address, PipeRequest request) {
		tell((listener) -> listener.exchangeStarted(address, request));
	}

	@Override
	public void exchangeRepeated(PipeAddress address, PipeRequest request) {
		tell((listener) -> listener.exchangeRepeated(address, request));
	}

	@Override
	public void exchangeEnded(PipeAddress address, PipeRequest request, @Nullable RuntimeException failure,
			Duration duration) {
		tell((listener) -> listener.exchangeEnded(address, request, failure, duration));
	}

	private void tell(Consumer<PipeClientListener> event) {
		for (PipeClientListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				this.failures.say((suffix) -> logger.error(
						"A listener of pipe clients failed: %s%s".formatted(listener.getClass().getName(), suffix),
						LogText.of(ex)));
			}
		}
	}

}
