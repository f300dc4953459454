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

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Whether the peer of a socket has closed it. Linux reports at once that both directions
 * have ended, also while there is something left to read, and distinguishes that from a
 * peer that has ended its output alone.
 */
final class HangUp {

	private HangUp() {
	}

	/**
	 * Look at a socket, without reading.
	 * @param channel the socket, not in blocking mode
	 * @return whether both directions have ended
	 * @throws IOException if there are no file descriptors left
	 */
	static boolean isSeen(SocketChannel channel) throws IOException {
		try (Selector selector = Selector.open()) {
			// After a hang-up the JDK reports a channel as ready for every operation that
			// was asked for. A connected one is never ready to connect otherwise.
			channel.register(selector, SelectionKey.OP_CONNECT);
			return selector.selectNow() > 0;
		}
	}

}
