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

package io.namedpipe.readme;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import io.namedpipe.listener.PipeServerListener;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;

@Component
class RequestLog implements PipeServerListener {

	private static final Logger logger = LoggerFactory.getLogger(RequestLog.class);

	@Override
	public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
		logger.info("Pipe {}: replied={} after {} ms", exchange.pipeId(), outcome.isReplied(), duration.toMillis());
	}

}
