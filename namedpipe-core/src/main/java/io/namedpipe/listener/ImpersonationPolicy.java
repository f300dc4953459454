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

/**
 * What happens at start-up if a handler acts as its callers and this process cannot act
 * as other users. A request that cannot be handled as its caller is refused either way.
 *
 * @since 0.1.0
 */
public enum ImpersonationPolicy {

	/** The pipe does not open. */
	REQUIRED,

	/** The pipe opens with a warning, and serves the callers that it can. */
	IF_AVAILABLE

}
