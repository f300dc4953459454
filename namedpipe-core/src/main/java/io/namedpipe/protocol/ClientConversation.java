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

package io.namedpipe.protocol;

/**
 * The client's part in one connection. Used by one thread.
 */
public interface ClientConversation {

	/**
	 * Send a request and wait for its reply.
	 * @param request the request
	 * @return the reply
	 * @throws PipeNoReplyException if the server closed the connection instead
	 * @throws PipeProtocolException if the server does not speak the protocol
	 */
	PipeReply exchange(PipeRequest request);

}
