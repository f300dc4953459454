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

package io.namedpipe.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;
import io.namedpipe.transport.windows.WindowsPipeTransport;

/**
 * Names of their own for tests that run at the same time, and the documented example's
 * strings, written here once more so that the library is not tested with its own code.
 */
public final class Pipes {

	private Pipes() {
	}

	/**
	 * The transport that the operating system has.
	 */
	public static PipeTransport systemTransport() {
		return WindowsPipeTransport.isAvailable() ? new WindowsPipeTransport() : new UnixPipeTransport();
	}

	public static String uniqueName() {
		return "np." + UUID.randomUUID().toString().substring(0, 13);
	}

	public static PipeAddress uniqueAddress() {
		return PipeAddress.of(uniqueName());
	}

	/**
	 * A string as the documented example writes it.
	 */
	public static ByteBuffer frame(String text) {
		byte[] body = text.getBytes(StandardCharsets.UTF_16LE);
		return ByteBuffer.allocate(2 + body.length).putShort((short) body.length).put(body).flip();
	}

	/**
	 * Read a string of the documented example.
	 * @return the string, {@code null} if the stream has ended
	 */
	public static @Nullable String readFrame(PipeChannel channel) {
		ByteBuffer header = read(channel, 2);
		ByteBuffer body = (header != null) ? read(channel, header.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff)
				: null;
		return (body != null) ? StandardCharsets.UTF_16LE.decode(body).toString() : null;
	}

	private static @Nullable ByteBuffer read(PipeChannel channel, int length) {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		return channel.readFully(buffer) ? buffer.flip() : null;
	}

	public static ByteBuffer bytes(int... values) {
		ByteBuffer buffer = ByteBuffer.allocate(values.length);
		for (int value : values) {
			buffer.put((byte) value);
		}
		return buffer.flip();
	}

}
