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

import java.io.InputStream;

/**
 * The good answer to a request.
 */
public sealed interface PipeReply {

	/**
	 * An answer that says nothing.
	 */
	record Empty() implements PipeReply {
	}

	/**
	 * A text.
	 *
	 * @param text the text
	 */
	record Text(String text) implements PipeReply {
	}

	/**
	 * Some bytes.
	 *
	 * @param bytes the bytes
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Bytes(byte[] bytes) implements PipeReply {
	}

	/**
	 * Bytes that are read while they are sent. Whoever sends the reply closes the stream.
	 *
	 * @param content the bytes
	 * @param description what it is, for messages
	 */
	record Content(InputStream content, String description) implements PipeReply {
	}

}
