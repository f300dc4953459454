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

package io.namedpipe.protocol.http;

import io.namedpipe.protocol.PipeProtocolException;

/**
 * Thrown when a message is refused. Nothing of it may be used, and its connection has to
 * be closed. The text says what is wrong, repeats nothing that the peer has sent, and may
 * be shown to the peer.
 */
class HttpException extends PipeProtocolException {

	private final int status;

	/**
	 * Create the exception.
	 * @param status the status to answer if it was a request
	 * @param message what is wrong
	 */
	HttpException(int status, String message) {
		super(message);
		this.status = status;
	}

	static HttpException badMessage(String message) {
		return new HttpException(400, message);
	}

	/**
	 * The status to answer if the message was a request.
	 * @return 400 or above
	 */
	int status() {
		return this.status;
	}

}
