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

import io.namedpipe.posix.PeerCredentials;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The facts about a peer that only the kernel knows, in a JVM that gives the descriptors
 * of its sockets.
 */
final class KernelPeers {

	private KernelPeers() {
	}

	/**
	 * Skip the test where the kernel cannot be asked.
	 * @return asks the kernel
	 */
	static PeerCredentials.Reader require() {
		PeerCredentials.Reader reader = PeerCredentials.reader();
		assumeTrue(reader != null,
				"needs Linux, JNA, and a JVM started with --add-exports java.base/sun.nio.ch=ALL-UNNAMED");
		return reader;
	}

}
