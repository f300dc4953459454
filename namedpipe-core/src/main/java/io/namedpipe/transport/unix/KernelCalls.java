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

package io.namedpipe.transport.unix;

import io.namedpipe.posix.FileCalls;

/**
 * System calls that run with a client's rights, without any code of the JDK. The
 * architecture tests check what subclasses use.
 */
abstract class KernelCalls implements Runnable {

	protected final FileCalls calls;

	/** The negative number of the error, or 0. */
	protected int error;

	KernelCalls(FileCalls calls) {
		this.calls = calls;
	}

}
