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
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;

/**
 * Asks the kernel who is at the other end of a socket ({@code SO_PEERCRED}): the user and
 * the group of the process, at the moment when it connected or began to listen. What the
 * user database adds to that is kept for a few seconds, since asking costs more than a
 * connection.
 */
final class UnixPeers {

	private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int MOST_KEPT = 1024;

	private final Map<UnixDomainPrincipal, Entry> known = new ConcurrentHashMap<>();

	private final UserGroups userGroups;

	private final Map<Long, Entry> knownIds = new ConcurrentHashMap<>();

	private final LongSupplier clock;

	private final @Nullable PeerIds ids;

	UnixPeers(UserGroups userGroups) {
		this(userGroups, System::nanoTime, PeerIds.load());
	}

	UnixPeers(UserGroups userGroups, LongSupplier clock, @Nullable PeerIds ids) {
		this.userGroups = userGroups;
		this.clock = clock;
		this.ids = ids;
	}

	// Whether it costs next to nothing to identify a peer at once.
	boolean isCheap() {
		return this.ids != null;
	}

	// The peer of a socket that nobody but the calling thread knows yet.
	UnixPeer identifyNew(SocketChannel channel) {
		if (this.ids == null) {
			return identify(channel);
		}
		long number;
		try {
			number = this.ids.read(channel);
		}
		catch (IOException ex) {
			throw new PipeException("The peer cannot be identified: " + ex.getMessage(), ex);
		}
		Entry entry = this.knownIds.get(number);
		if (entry != null && isFresh(entry)) {
			return entry.peer();
		}
		UnixPeer peer = identify(channel);
		// The JDK's names were translated back: they have to mean the ids.
		if (number != PeerIds.ids(peer.uid(), peer.gid())) {
			throw new PipeException("The peer cannot be identified: its names do not mean its ids");
		}
		keep(this.knownIds, number, peer);
		return peer;
	}

	private boolean isFresh(Entry entry) {
		return this.clock.getAsLong() - entry.since() < KEEP_NANOS;
	}

	private <K> void keep(Map<K, Entry> entries, K key, UnixPeer peer) {
		if (entries.size() >= MOST_KEPT) {
			entries.clear();
		}
		entries.put(key, new Entry(peer, this.clock.getAsLong()));
	}

	// The peer of a socket that is open.
	UnixPeer identify(SocketChannel channel) {
		try {
			return resolve(channel.getOption(ExtendedSocketOptions.SO_PEERCRED));
		}
		catch (ClosedChannelException ex) {
			throw new PipeClosedException("The pipe channel is closed, and nobody asked who the peer is before", ex);
		}
		catch (IOException ex) {
			throw new PipeException("The peer cannot be identified: " + ex.getMessage(), ex);
		}
	}

	UnixPeer resolve(UnixDomainPrincipal principal) throws IOException {
		Entry entry = this.known.get(principal);
		if (entry != null && isFresh(entry)) {
			return entry.peer();
		}
		OptionalInt uid = UnixIds.uid(principal.user());
		OptionalInt gid = UnixIds.gid(principal.group());
		if (uid.isEmpty() || gid.isEmpty()) {
			throw new IOException("user '%s' and group '%s' have no number that is theirs alone; a user or group "
				.formatted(principal.user().getName(), principal.group().getName())
					+ "that is called like another one's number must be renamed");
		}
		String name = principal.user().getName();
		boolean nameless = name.equals(Integer.toString(uid.getAsInt()));
		UnixPeer peer = new UnixPeer(uid.getAsInt(), gid.getAsInt(), nameless ? UnixIds.format(uid.getAsInt()) : name,
				this.userGroups);
		keep(this.known, principal, peer);
		return peer;
	}

	private record Entry(UnixPeer peer, long since) {
	}

}
