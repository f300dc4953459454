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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The facts about a client that smbd sends when it hands a pipe over:
 * {@code named_pipe_auth_req} of Samba's {@code named_pipe_auth.idl}. The layout is
 * internal to Samba and differs between versions, so a packet of a known level is read to
 * the last byte, and every other one is refused. The session key is passed over and never
 * kept.
 *
 * @param account the account that smbd has authenticated
 * @param domain the domain of the account, or the name of smbd's machine
 * @param unixName the account of this machine that it stands for
 * @param sids the SIDs of the user, the groups and of the log-on, without Samba's
 * internal ones; the user's first
 * @param uid the uid
 * @param gid the gid of the primary group
 * @param groups the gids of all groups
 * @param clientAddress the client's network address
 * @param authenticated whether smbd has authenticated the client as a user
 * @param encrypted whether the client's connection to smbd is encrypted
 */
record SambaHandshake(String account, String domain, String unixName, List<String> sids, int uid, int gid, int[] groups,
		String clientAddress, boolean authenticated, boolean encrypted) {

	/** Samba takes no more for a packet either, to the byte. */
	static final int MAX_LENGTH = 0x00FF_FFFF;

	/** Level of Samba 4.17, the only one that is known. */
	static final int LEVEL = 7;

	/** Where the level is, after the length and the magic. */
	static final int LEVEL_OFFSET = 8;

	private static final byte[] MAGIC = { 'N', 'P', 'A', 'M' };

	/** NCACN_NP of DCE/RPC: named pipes over SMB. */
	private static final int NAMED_PIPES = 1;

	/** Users and groups of Unix as SIDs are Samba's S-1-22-1 and S-1-22-2. */
	private static final String SAMBA_SIDS = "S-1-22-";

	private static final String UNIX_USERS = "S-1-22-1-";

	private static final String UNIX_GROUPS = "S-1-22-2-";

	/** With the dialect and the cipher behind it, of an encrypted connection only. */
	private static final String ENCRYPTION_MARK = "S-1-22-1397571891-";

	private static final String ANONYMOUS = "S-1-5-7";

	private static final String AUTHENTICATED_USERS = "S-1-5-11";

	private static final String GUESTS = "S-1-5-32-546";

	/** A message of at most 65,535 bytes in each frame: Samba's message mode. */
	private static final int MESSAGE_MODE = 2;

	/**
	 * Check the length of a packet before memory is taken for it.
	 * @param length what the first four bytes say, which do not count
	 * @return the length
	 * @throws SambaHandshakeException if it is too long, or too short to have a level
	 */
	static int requireLength(int length) {
		if (length < LEVEL_OFFSET || length > MAX_LENGTH) {
			throw new SambaHandshakeException("a packet of %s bytes is not possible, from %d to %d are"
				.formatted(Integer.toUnsignedString(length), LEVEL_OFFSET, MAX_LENGTH));
		}
		return length;
	}

	/**
	 * Read a packet.
	 * @param packet the whole packet, its length included
	 * @return what it says
	 * @throws SambaHandshakeException if it is not such a packet, of a known level
	 */
	static SambaHandshake parse(ByteBuffer packet) {
		NdrReader ndr = new NdrReader(packet);
		int length = Integer.reverseBytes(ndr.u32());
		if (requireLength(length) != packet.limit() - Integer.BYTES) {
			throw new SambaHandshakeException("its length is not that of the packet");
		}
		for (byte each : MAGIC) {
			if (ndr.u8() != each) {
				throw new SambaHandshakeException("it does not begin with NPAM");
			}
		}
		int level = ndr.u32();
		if (level != LEVEL) {
			throw new SambaHandshakeException(
					"smbd speaks level %s of its handshake, and level %d (Samba 4.17) is the only one known here"
						.formatted(Integer.toUnsignedString(level), LEVEL));
		}
		if (ndr.u32() != LEVEL) {
			throw new SambaHandshakeException("it names two levels");
		}
		return request(ndr);
	}

	private static SambaHandshake request(NdrReader ndr) {
		if (ndr.u8() != NAMED_PIPES) {
			throw new SambaHandshakeException("it is not about a named pipe");
		}
		boolean[] client = ndr.pointers(2);
		ndr.u16();
		boolean[] server = ndr.pointers(2);
		ndr.u16();
		boolean session = ndr.pointer();
		String clientAddress = ndr.strings(client)[1];
		ndr.strings(server);
		if (!session || !ndr.pointer()) {
			throw new SambaHandshakeException("it has no session");
		}
		ndr.skip(ndr.count(1));
		return session(ndr, clientAddress);
	}

	private static SambaHandshake session(NdrReader ndr, String clientAddress) {
		boolean[] parts = ndr.pointers(4);
		if (!parts[0] || !parts[1] || !parts[2]) {
			throw new SambaHandshakeException("it has no token, no ids or no account");
		}
		ndr.zero("pointer", ndr.u32());
		// The session key is a secret that only smbd needs.
		ndr.skip(ndr.count(1));
		ndr.zero("credentials", ndr.u32());
		ndr.align(4);
		ndr.skip(16);
		ndr.u16();
		List<String> sids = sids(ndr);
		int[] ids = ids(ndr);
		Account account = Account.read(ndr);
		String unixName = (parts[3]) ? ndr.strings(ndr.pointers(2))[0] : "";
		ndr.end();
		boolean user = account.authenticated() && sids.contains(AUTHENTICATED_USERS) && !sids.contains(ANONYMOUS)
				&& !sids.contains(GUESTS);
		return new SambaHandshake(account.name(), account.domain(), unixName,
				sids.stream().filter((sid) -> !isInternal(sid)).toList(), ids[0], ids[1],
				Arrays.copyOfRange(ids, 2, ids.length), clientAddress, user,
				sids.stream().anyMatch((sid) -> sid.startsWith(ENCRYPTION_MARK)));
	}

	private static boolean isInternal(String sid) {
		return sid.startsWith(SAMBA_SIDS) && !sid.startsWith(UNIX_USERS) && !sid.startsWith(UNIX_GROUPS);
	}

	private static List<String> sids(NdrReader ndr) {
		ndr.align(8);
		int count = ndr.count(8);
		if (ndr.count(8) != count) {
			throw new SambaHandshakeException("it has two numbers of SIDs");
		}
		List<String> sids = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			sids.add(ndr.sid());
		}
		ndr.hyper();
		ndr.u32();
		return sids;
	}

	// The uid, the gid, and the gids of all groups.
	private static int[] ids(NdrReader ndr) {
		int count = ndr.count(8);
		int[] ids = new int[2 + count];
		ids[0] = id(ndr.hyper());
		ids[1] = id(ndr.hyper());
		if (ndr.u32() != count) {
			throw new SambaHandshakeException("it has two numbers of groups");
		}
		for (int i = 0; i < count; i++) {
			ids[2 + i] = id(ndr.hyper());
		}
		return ids;
	}

	private static int id(long value) {
		if (value < 0 || value >= 0xFFFF_FFFFL) {
			throw new SambaHandshakeException("%s is no uid and no gid".formatted(Long.toUnsignedString(value)));
		}
		return (int) value;
	}

	/**
	 * The answer that lets smbd go on, in message mode: in byte mode smbd loses what the
	 * server writes right before it closes.
	 * @return the packet
	 */
	static ByteBuffer accepted() {
		return answer(LEVEL, MESSAGE_MODE);
	}

	/**
	 * The answer that makes smbd refuse the client with STATUS_INVALID_PARAMETER, which
	 * no other cause has: too many clients wait. The level is the one that does not
	 * exist.
	 * @return the packet
	 */
	static ByteBuffer busy() {
		return answer(0, 0);
	}

	private static ByteBuffer answer(int level, int fileType) {
		int length = 32;
		ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES + length);
		answer.putInt(length).put(MAGIC).order(ByteOrder.LITTLE_ENDIAN).putInt(level).putInt(level);
		// The state of a new pipe of messages; smbd passes over it and over the size.
		answer.putShort((short) fileType).putShort((short) 0x5ff).putInt(0).putLong(4096).putInt(0);
		return answer.flip();
	}

	/**
	 * The account of {@code auth_user_info}.
	 */
	private record Account(String name, String domain, boolean authenticated) {

		static Account read(NdrReader ndr) {
			boolean[] names = ndr.pointers(2);
			ndr.u8();
			boolean[] texts = ndr.pointers(8);
			ndr.align(4);
			// Six times, which are aligned to four bytes only.
			ndr.skip(6 * Long.BYTES);
			ndr.u16();
			ndr.u16();
			ndr.u32();
			int authenticated = ndr.u8();
			if (authenticated > 1) {
				throw new SambaHandshakeException("'authenticated' is neither yes nor no");
			}
			String name = ndr.strings(names)[0];
			return new Account(name, ndr.strings(texts)[0], authenticated == 1);
		}

	}

}
