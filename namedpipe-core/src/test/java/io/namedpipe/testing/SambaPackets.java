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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What smbd of Samba 4.17 sends when a client opens a pipe: a packet that was captured,
 * without its session key, and changes of it that keep its length.
 */
public final class SambaPackets {

	/** Where the level is. */
	public static final int LEVEL = 8;

	/** The uid and the gids of the captured packet. */
	private static final long UID = 999;

	private static final long GID = 994;

	private static final long SECOND_GID = 993;

	private SambaPackets() {
	}

	public static byte[] captured() {
		try (InputStream stream = SambaPackets.class.getResourceAsStream("samba-level-7.hex")) {
			String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
			return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The packet of another user, whose groups are the primary one alone.
	 */
	public static byte[] of(int uid, int gid) {
		byte[] packet = captured();
		int start = unixToken(packet);
		ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
		buffer.putLong(start, Integer.toUnsignedLong(uid)).putLong(start + 8, Integer.toUnsignedLong(gid));
		buffer.putLong(start + 24, Integer.toUnsignedLong(gid)).putLong(start + 32, Integer.toUnsignedLong(gid));
		return packet;
	}

	/**
	 * Where the uid is, followed by the gid, the number of groups and the groups.
	 */
	public static int unixToken(byte[] packet) {
		ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < packet.length - 40; i++) {
			if (buffer.getLong(i) == UID && buffer.getLong(i + 8) == GID && buffer.getInt(i + 16) == 2
					&& buffer.getLong(i + 24) == GID && buffer.getLong(i + 32) == SECOND_GID) {
				return i;
			}
		}
		throw new IllegalArgumentException("not the captured packet");
	}

	/**
	 * Where some bytes are for the first time.
	 */
	public static int indexOf(byte[] packet, String hex) {
		int index = HexFormat.of().formatHex(packet).indexOf(hex);
		if (index < 0 || index % 2 != 0) {
			throw new IllegalArgumentException(hex);
		}
		return index / 2;
	}

}
