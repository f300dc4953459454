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
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads NDR, the encoding of DCE/RPC, in its 32-bit little-endian form ([C706] chapter
 * 14), as Samba writes it. Strict: padding is zero, pointers are numbered in the order in
 * which Samba numbers them, and a length is checked against what is there before it is
 * used.
 */
final class NdrReader {

	private static final int FIRST_POINTER = 0x0002_0000;

	private static final int POINTER_STEP = 4;

	private final ByteBuffer bytes;

	private int nextPointer = FIRST_POINTER;

	/**
	 * Read from the first byte of a packet on, to which alignment is relative.
	 * @param packet the packet
	 */
	NdrReader(ByteBuffer packet) {
		this.bytes = packet.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
	}

	int u8() {
		return require(1).get() & 0xff;
	}

	int u16() {
		align(2);
		return require(2).getShort() & 0xffff;
	}

	int u32() {
		align(4);
		return require(4).getInt();
	}

	// A "hyper" is aligned to eight bytes.
	long hyper() {
		align(8);
		return require(8).getLong();
	}

	void align(int size) {
		while (this.bytes.position() % size != 0) {
			zero("padding", u8());
		}
	}

	void zero(String what, long value) {
		if (value != 0) {
			throw new SambaHandshakeException("the %s at byte %d is not zero".formatted(what, this.bytes.position()));
		}
	}

	void skip(int count) {
		if (count < 0 || count > this.bytes.remaining()) {
			throw cut();
		}
		this.bytes.position(this.bytes.position() + count);
	}

	/**
	 * Read the number of the elements that follow.
	 * @param smallest the size of the smallest element in bytes
	 * @return the number, for which there is enough left to read
	 */
	int count(int smallest) {
		int count = u32();
		if (count < 0 || count > this.bytes.remaining() / smallest) {
			throw new SambaHandshakeException("there are not %s elements at byte %d"
				.formatted(Integer.toUnsignedString(count), this.bytes.position()));
		}
		return count;
	}

	// Whether the pointer leads to something, which then follows.
	boolean pointer() {
		int pointer = u32();
		if (pointer == 0) {
			return false;
		}
		if (pointer != this.nextPointer) {
			throw new SambaHandshakeException(
					"the pointer before byte %d has no place in the order".formatted(this.bytes.position()));
		}
		this.nextPointer += POINTER_STEP;
		return true;
	}

	boolean[] pointers(int count) {
		boolean[] present = new boolean[count];
		for (int i = 0; i < count; i++) {
			present[i] = pointer();
		}
		return present;
	}

	// The strings whose pointers were not null; the others are empty.
	String[] strings(boolean[] present) {
		String[] strings = new String[present.length];
		for (int i = 0; i < present.length; i++) {
			strings[i] = (present[i]) ? string() : "";
		}
		return strings;
	}

	private String string() {
		int max = u32();
		zero("offset of a string", u32());
		int length = u32();
		if (length != max || length < 1 || length > this.bytes.remaining()) {
			throw new SambaHandshakeException(
					"the string at byte %d has no length that is possible".formatted(this.bytes.position()));
		}
		ByteBuffer text = this.bytes.slice(this.bytes.position(), length - 1);
		this.bytes.position(this.bytes.position() + length - 1);
		zero("end of a string", u8());
		try {
			CharBuffer characters = StandardCharsets.UTF_8.newDecoder().decode(text);
			if (characters.chars().anyMatch((character) -> character == 0)) {
				throw new SambaHandshakeException("a string contains NUL");
			}
			return characters.toString();
		}
		catch (CharacterCodingException ex) {
			throw new SambaHandshakeException("a string is not UTF-8");
		}
	}

	// A security identifier, in its usual form.
	String sid() {
		align(4);
		int revision = u8();
		int count = u8();
		long authority = (long) Short.toUnsignedInt(Short.reverseBytes(require(2).getShort())) << 32
				| Integer.toUnsignedLong(Integer.reverseBytes(require(4).getInt()));
		if (revision != 1 || count > 15) {
			throw new SambaHandshakeException("the SID before byte %d is none".formatted(this.bytes.position()));
		}
		StringBuilder sid = new StringBuilder("S-1-").append(authority);
		for (int i = 0; i < count; i++) {
			sid.append('-').append(Integer.toUnsignedString(u32()));
		}
		return sid.toString();
	}

	void end() {
		if (this.bytes.hasRemaining()) {
			throw new SambaHandshakeException("%d bytes are left over".formatted(this.bytes.remaining()));
		}
	}

	private ByteBuffer require(int count) {
		if (this.bytes.remaining() < count) {
			throw cut();
		}
		return this.bytes;
	}

	private SambaHandshakeException cut() {
		return new SambaHandshakeException("it ends too early, after %d bytes".formatted(this.bytes.limit()));
	}

}
