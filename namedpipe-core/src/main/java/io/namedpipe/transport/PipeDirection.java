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
 * Which way bytes go, seen from the server, as in Win32 {@code PIPE_ACCESS_DUPLEX},
 * {@code PIPE_ACCESS_INBOUND} and {@code PIPE_ACCESS_OUTBOUND}. A client's options name
 * the direction of the server's pipe.
 *
 * @since 0.1.0
 */
public enum PipeDirection {

	/** Both ways. */
	DUPLEX,

	/** From client to server only. */
	INBOUND,

	/** From server to client only. */
	OUTBOUND;

	/**
	 * Whether an end of such a pipe is read from.
	 * @param server whether it is the server's end
	 * @return {@code false} if bytes only leave there
	 */
	public boolean isReadable(boolean server) {
		return this != (server ? OUTBOUND : INBOUND);
	}

	/**
	 * Whether an end of such a pipe is written to.
	 * @param server whether it is the server's end
	 * @return {@code false} if bytes only arrive there
	 */
	public boolean isWritable(boolean server) {
		return isReadable(!server);
	}

	/**
	 * Limit a channel that could do both to this direction. The transport shuts the half
	 * that is not used.
	 * @param channel the channel
	 * @param server whether the channel is the server's end
	 * @return the channel itself if it goes both ways
	 */
	public PipeChannel limit(PipeChannel channel, boolean server) {
		return (this == DUPLEX) ? channel : new OneWayChannel(channel, isReadable(server));
	}

}
