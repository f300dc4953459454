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

import org.jspecify.annotations.Nullable;

/**
 * The server's part in one connection. After {@link #open()}, every request that
 * {@link #next()} returns is answered by exactly one {@link #reply} or {@link #fail}.
 * Used by one thread.
 */
public interface ServerConversation {

	/**
	 * Say what the server says first, if it does.
	 */
	void open();

	/**
	 * Read the next request.
	 * @return the request, {@code null} if the conversation is over
	 * @throws PipeProtocolException if the client does not speak the protocol
	 */
	@Nullable PipeRequest next();

	/**
	 * Answer the request.
	 * @param reply the answer
	 */
	void reply(PipeReply reply);

	/**
	 * Answer the request with a failure, as far as the protocol has a way to say it; the
	 * connection is closed where it has none.
	 * @param failure what went wrong
	 */
	void fail(PipeFailure failure);

}
