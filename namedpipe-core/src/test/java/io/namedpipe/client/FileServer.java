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

package io.namedpipe.client;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves one file over HTTP, whole or from a position on, and breaks off where a test
 * wants it.
 */
final class FileServer implements HttpPeer.Conversation {

	static final Pattern RANGE = Pattern.compile("(?i)\r\nRange: bytes=([0-9]+)-\r\n");

	final AtomicReference<byte[]> file = new AtomicReference<>(random(1, 300_000));

	volatile String tag = "\"v1\"";

	volatile boolean ranges = true;

	/** The number of bytes that are sent before the server closes the connection. */
	volatile int breakAfter = Integer.MAX_VALUE;

	static byte[] random(int seed, int length) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	@Override
	public void with(HttpPeer.Client client) {
		for (String head = client.readHead(); !head.isEmpty(); head = client.readHead()) {
			byte[] bytes = this.file.get();
			Matcher range = RANGE.matcher(head);
			boolean part = this.ranges && range.find() && head.contains("if-range: " + this.tag + "\r\n");
			int first = part ? Integer.parseInt(range.group(1)) : 0;
			int length = bytes.length - first;
			client.send("HTTP/1.1 "
					+ (part ? "206 Partial Content\r\nContent-Range: bytes " + first + "-" + (bytes.length - 1) + "/"
							+ bytes.length : "200 OK")
					+ "\r\nETag: " + this.tag + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
					+ length + "\r\n\r\n");
			int count = Math.min(length, this.breakAfter);
			client.channel.write(ByteBuffer.wrap(bytes, first, count));
			if (count < length) {
				return;
			}
		}
	}

}
