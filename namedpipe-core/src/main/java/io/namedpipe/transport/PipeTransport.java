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

/**
 * A transport with both halves: the kernel's pipes on Windows, Unix-domain sockets, or
 * memory.
 *
 * @since 0.1.0
 */
public interface PipeTransport extends PipeConnector, PipeListener {

	/**
	 * Whether this transport can listen on an address of this form: by default, if it can
	 * connect to it.
	 */
	@Override
	default boolean accepts(PipeAddress address) {
		return reaches(address);
	}

}
