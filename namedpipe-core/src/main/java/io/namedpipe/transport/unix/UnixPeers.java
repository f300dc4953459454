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
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.PeerCredentials;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Identifies the process at the other end of a socket by what the kernel recorded when it
 * connected or began to listen: the user, the groups and the process id where the file
 * descriptor can be had, else the user and the primary group that the JDK reports. Names,
 * and groups that the kernel does not report, come from the user database and are kept
 * for five seconds, since a look-up costs more than a connection.
 */
final class UnixPeers {

	private static final long TTL_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int MAX_USERS = 1024;

	private final UserDatabase database;

	private final LongSupplier clock;

	private final PeerCredentials.@Nullable Reader reader;

	private final boolean unfilteredThreadsAllowed;

	// By uid and gid, or by principal if the JDK is asked.
	private final Map<Object, Entry> users = new ConcurrentHashMap<>();

	/**
	 * Check that the JDK has sockets and can tell who is at their other end, before the
	 * first client comes. Loads both: a class of the JDK that cannot be loaded once, such
	 * as without file descriptors, stays unusable.
	 */
	static void requirePlatform() {
		try {
			Class.forName("jdk.net.ExtendedSocketOptions");
			SocketChannel.open(StandardProtocolFamily.UNIX).close();
		}
		catch (IOException ex) {
			throw SocketFailures.failed("The 'unix' transport cannot make a socket", ex);
		}
		catch (ClassNotFoundException ex) {
			throw new PipeUnsupportedException(
					"The 'unix' transport needs the module jdk.net, which this Java run-time does not have: add it with 'jlink --add-modules jdk.net'",
					ex);
		}
	}

	UnixPeers() {
		this(false);
	}

	UnixPeers(boolean unfilteredThreadsAllowed) {
		this(new SystemUserDatabase(), System::nanoTime, PeerCredentials.reader(), unfilteredThreadsAllowed);
	}

	UnixPeers(UserDatabase database, LongSupplier clock, PeerCredentials.@Nullable Reader reader) {
		this(database, clock, reader, false);
	}

	private UnixPeers(UserDatabase database, LongSupplier clock, PeerCredentials.@Nullable Reader reader,
			boolean unfilteredThreadsAllowed) {
		this.database = database;
		this.clock = clock;
		this.reader = reader;
		this.unfilteredThreadsAllowed = unfilteredThreadsAllowed;
	}

	Impersonation impersonation(UnixUser user) {
		return new UnixImpersonation(user, UnixProcess.self(), this.unfilteredThreadsAllowed);
	}

	// Whether a peer is identified with two system calls and must be identified by the
	// thread that has just opened the channel. If not, any thread may do so at any time.
	boolean isImmediate() {
		return this.reader != null;
	}

	/**
	 * Identify the peer of a channel.
	 * @param channel the channel
	 * @return the peer
	 * @throws PipeClosedException if the channel is closed
	 * @throws PipeException if the peer cannot be identified
	 */
	UnixPeer identify(SocketChannel channel) {
		try {
			return (this.reader != null) ? resolve(this.reader.read(channel))
					: resolve(channel.getOption(ExtendedSocketOptions.SO_PEERCRED));
		}
		catch (ClosedChannelException ex) {
			throw new PipeClosedException("The pipe channel is closed, and its peer was not identified before", ex);
		}
		catch (IOException ex) {
			throw new PipeException("The peer cannot be identified: " + ex.getMessage(), ex);
		}
	}

	UnixPeer resolve(PeerCredentials credentials) {
		int[] groups = credentials.groups();
		Long key = (long) credentials.uid() << Integer.SIZE | Integer.toUnsignedLong(credentials.gid());
		Entry entry = this.users.get(key);
		if (entry == null || !isFresh(entry) || !Arrays.equals(entry.groups(), groups)) {
			entry = keep(key, groups, new UnixUser(credentials.uid(), credentials.gid(), groups, null, this.database));
		}
		return new UnixPeer(entry.user(), (long) credentials.pid());
	}

	UnixPeer resolve(UnixDomainPrincipal principal) throws IOException {
		Entry entry = this.users.get(principal);
		if (entry == null || !isFresh(entry)) {
			entry = keep(principal, null, user(principal));
		}
		return new UnixPeer(entry.user(), null);
	}

	private UnixUser user(UnixDomainPrincipal principal) throws IOException {
		String name = principal.user().getName();
		OptionalInt uid = UnixIds.uid(principal.user());
		OptionalInt gid = UnixIds.gid(principal.group());
		if (uid.isEmpty() || gid.isEmpty()) {
			throw new IOException("user '%s' and group '%s' have no number that is theirs alone; a user or group "
				.formatted(LogText.of(name), LogText.of(principal.group().getName()))
					+ "that is called like another one's number must be renamed");
		}
		// The JDK takes the number for the name if it fails to look the name up.
		boolean nameless = name.equals(Integer.toString(uid.getAsInt()));
		return new UnixUser(uid.getAsInt(), gid.getAsInt(), null, nameless ? null : name, this.database);
	}

	private boolean isFresh(Entry entry) {
		return this.clock.getAsLong() - entry.since() < TTL_NANOS;
	}

	private Entry keep(Object key, int @Nullable [] groups, UnixUser user) {
		if (this.users.size() >= MAX_USERS) {
			this.users.clear();
		}
		Entry entry = new Entry(user, groups, this.clock.getAsLong());
		this.users.put(key, entry);
		return entry;
	}

	private record Entry(UnixUser user, int @Nullable [] groups, long since) {
	}

}
