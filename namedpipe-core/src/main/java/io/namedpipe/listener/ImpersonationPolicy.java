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
 * What happens when a pipe opens whose handlers act as their callers, although this
 * process cannot act as other users. With both policies a request fails if it cannot be
 * handled as its caller.
 *
 * @since 0.1.0
 */
public enum ImpersonationPolicy {

	/** The pipe does not open. */
	REQUIRED,

	/**
	 * The pipe opens, and a warning is logged. Requests of the server's own user are
	 * handled, those of other users fail.
	 */
	IF_AVAILABLE

}
