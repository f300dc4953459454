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

import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;

/**
 * A request and where it came from.
 *
 * @param pipeId the id of the pipe
 * @param request the request
 * @param channel the connection that it came on
 */
public record PipeRequestContext(String pipeId, PipeRequest request, PipeChannel channel) {

	/**
	 * Who sent the request.
	 * @return the caller
	 */
	public PeerIdentity peer() {
		return this.channel.peer();
	}

}
