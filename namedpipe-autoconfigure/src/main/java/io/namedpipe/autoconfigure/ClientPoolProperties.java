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

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

import io.namedpipe.client.PipePoolOptions;

/**
 * Settings of the connections that a template keeps.
 *
 * @param maxSize Maximum number of connections of a template.
 * @param maxIdleTime Time for which a connection is kept without a request. Zero to close
 * each one after its request.
 * @param acquireTimeout Time for which a request waits while all connections are in use.
 * Zero for no wait.
 * @since 0.1.0
 */
public record ClientPoolProperties(@DefaultValue("8") int maxSize, @DefaultValue("30s") Duration maxIdleTime,
		@DefaultValue("10s") Duration acquireTimeout) {

	PipePoolOptions options() {
		return new PipePoolOptions(this.maxSize, this.maxIdleTime, this.acquireTimeout);
	}

}
