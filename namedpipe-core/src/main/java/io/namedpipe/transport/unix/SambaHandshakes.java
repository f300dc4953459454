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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;

/**
 * Takes over a connection of smbd: checks that the peer is smbd, reads the identity of
 * the client, and checks that the client may connect. Answers only accepted clients.
 */
final class SambaHandshakes {

	/** Smbd sends everything at once, and does nothing else until it has the answer. */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** Most packets are smaller, and no memory is taken on the word of the peer. */
	private static final int FIRST_ALLOCATION = 4096;

	private final UnixPeers peers;

	private final UnixAccess access;

	private final int peerUid;

	private final UserDatabase database = new SystemUserDatabase();

	/**
	 * Create the handshakes of one pipe.
	 * @param peers identifies the processes that connect to the socket
	 * @param access which clients may connect
	 * @param peerUid the user that smbd may run as, besides root
	 */
	SambaHandshakes(UnixPeers peers, UnixAccess access, int peerUid) {
		this.peers = peers;
		this.access = access;
		this.peerUid = peerUid;
	}

	/**
	 * Take a connection over.
	 * @param socket the connection, which no other thread knows
	 * @return the client, whom nobody has answered yet
	 * @throws SambaHandshakeException if the client is refused
	 * @throws IOException if the connection fails
	 */
	Client read(SocketChannel socket) throws IOException {
		UnixPeer smbd = this.peers.identify(socket);
		int uid = smbd.user().uid();
		if (uid != UnixIds.ROOT && uid != this.peerUid) {
			throw new SambaHandshakeException(
					"%s is not smbd, which runs as root; see 'namedpipe.samba.peer-uid'".formatted(smbd.user()));
		}
		ByteBuffer packet = readPacket(socket);
		try {
			return client(smbd, SambaHandshake.parse(packet));
		}
		finally {
			// The packet contains the session key.
			Arrays.fill(packet.array(), (byte) 0);
		}
	}

	private static ByteBuffer readPacket(SocketChannel socket) throws IOException {
		long end = System.nanoTime() + TIMEOUT.toNanos();
		try (TimedSocketIo io = new TimedSocketIo(socket)) {
			ByteBuffer packet = ByteBuffer.allocate(Integer.BYTES);
			fill(io, packet, end);
			int size = Integer.BYTES + SambaHandshake.requireLength(packet.getInt(0));
			while (packet.position() < size) {
				ByteBuffer larger = ByteBuffer.allocate(Math.min(size, Math.max(FIRST_ALLOCATION, 2 * packet.limit())));
				larger.put(packet.flip());
				Arrays.fill(packet.array(), (byte) 0);
				packet = larger;
				fill(io, packet, end);
			}
			return packet.flip();
		}
		finally {
			// The channels of clients are blocking ones.
			if (socket.isOpen()) {
				socket.configureBlocking(true);
			}
		}
	}

	private static void fill(TimedSocketIo io, ByteBuffer buffer, long end) throws IOException {
		while (buffer.hasRemaining()) {
			Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
			if (io.read(buffer, left) < 0) {
				throw new SambaHandshakeException("smbd has left before it said who the client is");
			}
		}
	}

	private Client client(UnixPeer smbd, SambaHandshake handshake) {
		UnixUser user = new UnixUser(handshake.uid(), handshake.gid(), handshake.groups(), name(handshake),
				this.database);
		PeerIdentity identity = identity(smbd, handshake, user);
		String who = LogText
			.of("%s (uid %s) at %s".formatted(identity.qualifiedName(), identity.id(), identity.computerName()));
		if (!handshake.authenticated()) {
			throw new SambaHandshakeException(who + " is anonymous or a guest");
		}
		if (!this.access.permitsRemote(user)) {
			throw new SambaHandshakeException(who + " is not allowed");
		}
		return new Client(user, identity);
	}

	private static @Nullable String name(SambaHandshake handshake) {
		return handshake.unixName().isEmpty() ? null : handshake.unixName();
	}

	private static PeerIdentity identity(UnixPeer smbd, SambaHandshake handshake, UnixUser user) {
		// Without a domain the name would be taken for that of a user of this machine.
		boolean qualified = !handshake.domain().isEmpty() && !handshake.account().isEmpty();
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, UnixIds.format(handshake.uid()))
			.name(qualified ? handshake.account() : user.name())
			.domain(qualified ? handshake.domain() : null)
			.primaryGroup(UnixIds.format(handshake.gid()))
			.groups(Arrays.stream(handshake.groups()).mapToObj(UnixIds::format).toList())
			.sids(handshake.sids())
			.process(smbd.processId())
			.computer(handshake.clientAddress(), true)
			.encrypted(handshake.encrypted())
			.build();
	}

	/**
	 * A client that may connect.
	 *
	 * @param user the user to act as
	 * @param identity the identity of the client
	 */
	record Client(UnixUser user, PeerIdentity identity) {

		PipeChannel open(SocketChannel socket, UnixPeers peers) {
			return new SambaPipeChannel(new UnixPipeChannel(socket, peers, null), peers, this.user, this.identity);
		}

	}

}
