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
 * The rights that the operating system checks when a file is opened: those of the client
 * of a request, or those of the calling thread.
 * <p>
 * What runs with a client's rights is short: a few direct calls of the operating system,
 * with their arguments prepared before and their results looked at afterwards. It takes
 * no lock, logs nothing and loads no class, since a thread that the JVM starts for any of
 * these inherits the identity on Linux.
 *
 * @since 0.1.0
 * @see FileOpener
 */
@FunctionalInterface
public interface ClientRights {

	/**
	 * The rights of the calling thread, whatever they are.
	 * @return the rights
	 */
	static ClientRights ofThread() {
		return Runnable::run;
	}

	/**
	 * Run calls with these rights. They run on the calling thread, or on another one
	 * while the calling thread waits.
	 * @param calls the calls, which throw nothing
	 * @throws PipeImpersonationException if the identity could not be taken on; the calls
	 * have not run
	 */
	void run(Runnable calls);

}
