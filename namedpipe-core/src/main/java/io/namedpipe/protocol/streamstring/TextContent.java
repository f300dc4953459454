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

package io.namedpipe.protocol.streamstring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeMessageTooLargeException;

/**
 * Decodes a text from bytes: UTF-8, or UTF-16 with a byte order mark. Other bytes are
 * refused and not replaced, so that a client never gets a text that differs from the
 * file.
 */
final class TextContent {

	/** In UTF-8 a code unit of UTF-16 takes up to three bytes. */
	private static final int MAX_BYTES = 3 * StreamStringCodec.MAX_CHARS;

	private static final char REPLACEMENT = '\ufffd';

	private TextContent() {
	}

	/**
	 * Read a body as a text.
	 * @param body the body, closed afterwards if it is read
	 * @return the text
	 * @throws IOException if it cannot be read
	 * @throws PipeMessageTooLargeException if it cannot fit a string of the protocol
	 * @throws PipeProtocolException if it is not text
	 */
	static String of(PipeBody body) throws IOException {
		String text = body.text();
		if (text != null) {
			return text;
		}
		try (body) {
			return read(body.stream(), body.description());
		}
	}

	static String read(InputStream content, String description) throws IOException {
		byte[] bytes = content.readNBytes(MAX_BYTES + 1);
		if (bytes.length > MAX_BYTES) {
			throw new PipeMessageTooLargeException("%s has more than %d bytes: it cannot fit %d UTF-16 code units"
				.formatted(description, MAX_BYTES, StreamStringCodec.MAX_CHARS));
		}
		Charset charset = charset(bytes);
		String text = new String(bytes, charset);
		if (text.indexOf(REPLACEMENT) < 0) {
			return text;
		}
		// Either the content has that character, or it is not text. The strict decoder is
		// slower, and only used here.
		try {
			return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new PipeProtocolException(
					"%s is not text: neither UTF-8, nor UTF-16 with a byte order mark".formatted(description));
		}
	}

	private static Charset charset(byte[] bytes) {
		if (bytes.length >= 2) {
			int mark = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
			if (mark == 0xfffe || mark == 0xfeff) {
				return StandardCharsets.UTF_16;
			}
		}
		return StandardCharsets.UTF_8;
	}

}
