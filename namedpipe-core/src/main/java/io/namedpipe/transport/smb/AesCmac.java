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

package io.namedpipe.transport.smb;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.hierynomus.security.Mac;
import com.hierynomus.security.SecurityException;

/**
 * AES-CMAC of RFC 4493, with the JDK's AES, which the processor helps with. Messages of
 * SMB 3 are signed with it. Not thread-safe.
 */
final class AesCmac implements Mac {

	private static final int BLOCK = 16;

	/** The constant of the doubling, RFC 4493 section 2.3. */
	private static final int RB = 0x87;

	private static final int SCRATCH = 8192;

	private final Cipher cipher;

	/** The bytes that may be the last block, which has a key of its own. */
	private final byte[] last = new byte[BLOCK];

	/** Takes the output of the cipher for all but the last block, which is not used. */
	private byte[] scratch = new byte[0];

	private SecretKeySpec key = new SecretKeySpec(new byte[BLOCK], "AES");

	private byte[] completeKey = new byte[0];

	private byte[] paddedKey = new byte[0];

	private int filled;

	AesCmac() throws SecurityException {
		try {
			this.cipher = Cipher.getInstance("AES/CBC/NoPadding");
		}
		catch (GeneralSecurityException ex) {
			throw new SecurityException(ex);
		}
	}

	@Override
	public void init(byte[] key) throws SecurityException {
		this.key = new SecretKeySpec(key, "AES");
		try {
			start();
			// Which also begins anew.
			this.completeKey = doubled(this.cipher.doFinal(new byte[BLOCK]));
			this.paddedKey = doubled(this.completeKey);
		}
		catch (GeneralSecurityException ex) {
			throw new SecurityException(ex);
		}
	}

	private void start() throws GeneralSecurityException {
		this.cipher.init(Cipher.ENCRYPT_MODE, this.key, new IvParameterSpec(new byte[BLOCK]));
		this.filled = 0;
	}

	private static byte[] doubled(byte[] value) {
		byte[] result = new byte[BLOCK];
		int carry = 0;
		for (int i = BLOCK - 1; i >= 0; i--) {
			int bits = (value[i] & 0xff) << 1 | carry;
			result[i] = (byte) bits;
			carry = bits >> 8;
		}
		result[BLOCK - 1] ^= (byte) (carry * RB);
		return result;
	}

	@Override
	public void update(byte b) {
		update(new byte[] { b }, 0, 1);
	}

	@Override
	public void update(byte[] array) {
		update(array, 0, array.length);
	}

	@Override
	public void update(byte[] array, int offset, int length) {
		int position = offset;
		int end = offset + length;
		if (this.filled > 0) {
			position += fill(array, position, end);
		}
		if (position == end) {
			return;
		}
		if (this.filled == BLOCK) {
			chain(this.last, 0, BLOCK);
			this.filled = 0;
		}
		int bulk = (end - position - 1) / BLOCK * BLOCK;
		chain(array, position, bulk);
		fill(array, position + bulk, end);
	}

	private int fill(byte[] array, int position, int end) {
		int count = Math.min(end - position, BLOCK - this.filled);
		System.arraycopy(array, position, this.last, this.filled, count);
		this.filled += count;
		return count;
	}

	private void chain(byte[] array, int offset, int length) {
		if (this.scratch.length < Math.min(SCRATCH, length)) {
			this.scratch = new byte[Math.min(SCRATCH, length)];
		}
		try {
			for (int done = 0; done < length; done += SCRATCH) {
				this.cipher.update(array, offset + done, Math.min(SCRATCH, length - done), this.scratch);
			}
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public byte[] doFinal() {
		byte[] subkey = this.completeKey;
		if (this.filled < BLOCK) {
			Arrays.fill(this.last, this.filled, BLOCK, (byte) 0);
			this.last[this.filled] = (byte) 0x80;
			subkey = this.paddedKey;
		}
		for (int i = 0; i < BLOCK; i++) {
			this.last[i] ^= subkey[i];
		}
		this.filled = 0;
		try {
			// Which also begins anew.
			return this.cipher.doFinal(this.last);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void reset() {
		try {
			start();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
