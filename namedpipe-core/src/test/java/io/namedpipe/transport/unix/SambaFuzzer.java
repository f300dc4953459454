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

package io.namedpipe.transport.unix;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The entry for coverage-guided fuzzing of the handshake: {@code namedpipe-core/fuzz}
 * runs it with Jazzer, {@link SambaHandshakeTests} runs it with what was found so far. A
 * packet is accepted whole or refused with a typed exception; there is no third outcome.
 */
public final class SambaFuzzer {

	private SambaFuzzer() {
	}

	/**
	 * Try one packet, as it is and with the length that it has.
	 * @param input the packet
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		isAccepted(input);
		if (input.length >= Integer.BYTES) {
			byte[] packet = withLength(input, input.length);
			if (isAccepted(packet)) {
				// Nothing is left over, and nothing is missing.
				same(false, isAccepted(withLength(packet, packet.length - 1)));
				same(false, isAccepted(withLength(packet, packet.length + 1)));
			}
		}
	}

	private static byte[] withLength(byte[] packet, int length) {
		byte[] result = Arrays.copyOf(packet, length);
		ByteBuffer.wrap(result).putInt(length - Integer.BYTES);
		return result;
	}

	private static boolean isAccepted(byte[] packet) {
		try {
			SambaHandshake handshake = SambaHandshake.parse(ByteBuffer.wrap(packet));
			same(true, handshake.uid() != UnixIds.INVALID && handshake.gid() != UnixIds.INVALID);
			same(true, packet.length >= handshake.groups().length * Long.BYTES + handshake.sids().size() * Long.BYTES);
			return true;
		}
		catch (SambaHandshakeException ex) {
			same(false, String.valueOf(ex.getMessage()).isEmpty());
			return false;
		}
	}

	private static void same(boolean expected, boolean actual) {
		if (expected != actual) {
			throw new IllegalStateException("Expected " + expected);
		}
	}

}
