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
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.JnaUnavailableException;
import io.namedpipe.posix.ListenerCopies;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The listening sockets that systemd, or another program that speaks its protocol, has
 * passed to this process: {@code sd_listen_fds(3)}, with a name for each. A socket as
 * standard input is the older way, for one pipe.
 *
 * @param environment the variables of the process
 * @param pid the id of the process
 * @param first the first descriptor that is passed
 */
record SocketActivation(Map<String, String> environment, long pid, int first) {

	/** {@code SD_LISTEN_FDS_START}. */
	private static final int FIRST = 3;

	static SocketActivation ofProcess() {
		return new SocketActivation(System.getenv(), ProcessHandle.current().pid(), FIRST);
	}

	/**
	 * The socket for a pipe. Each call makes a channel of its own, which the caller has
	 * to close; those of one socket share its clients.
	 * @param address the pipe
	 * @return the socket
	 * @throws PipeUnsupportedException if there is none
	 */
	Acceptor acceptor(PipeAddress address) {
		try {
			return new Acceptor((this.environment.get("LISTEN_FDS") != null)
					? ListenerCopies.inherited(this.first + index(address)) : standardInput());
		}
		catch (IOException | JnaUnavailableException ex) {
			throw new PipeUnsupportedException(
					("The pipe '%s' has no socket from systemd (namedpipe.samba.socket-activation): %s")
						.formatted(address, ex.getMessage()),
					ex);
		}
	}

	private static ServerSocketChannel standardInput() throws IOException {
		if (System.inheritedChannel() instanceof ServerSocketChannel server && server.isOpen()
				&& server.getLocalAddress() instanceof UnixDomainSocketAddress) {
			return server;
		}
		throw new IOException("""
				the variable LISTEN_FDS is not set, and standard input is no listening socket. It needs a socket unit \
				with 'ListenStream=', 'FileDescriptorName=' and 'Accept=no'""");
	}

	private int index(PipeAddress address) throws IOException {
		int count = number("LISTEN_FDS");
		int receiver = number("LISTEN_PID");
		if (receiver != this.pid) {
			throw new IOException(
					"""
							the sockets are for process %d (LISTEN_PID), and this is process %d. A script that starts Java has to \
							'exec' it"""
						.formatted(receiver, this.pid));
		}
		String names = this.environment.get("LISTEN_FDNAMES");
		if (names == null && count == 1) {
			return 0;
		}
		return index(address.name(), count, (names != null) ? List.of(names.split(":", -1)) : List.of());
	}

	private static int index(String name, int count, List<String> names) throws IOException {
		if (names.size() != count) {
			throw new IOException(
					"%d sockets were passed with %d names (LISTEN_FDNAMES)".formatted(count, names.size()));
		}
		List<String> known = names.stream().map((each) -> each.toLowerCase(Locale.ROOT)).toList();
		int index = known.indexOf(name.toLowerCase(Locale.ROOT));
		if (index < 0) {
			throw new IOException(
					"""
							none of the sockets has its name, but %s (LISTEN_FDNAMES). Set 'FileDescriptorName=%s' in the socket \
							unit"""
						.formatted(names, name));
		}
		if (index != known.lastIndexOf(known.get(index))) {
			throw new IOException("several sockets have its name (LISTEN_FDNAMES)");
		}
		return index;
	}

	private int number(String variable) throws IOException {
		String value = this.environment.get(variable);
		int number = parse(value);
		if (number < 1) {
			throw new IOException("the variable %s must be a number from 1, and is %s".formatted(variable, value));
		}
		return number;
	}

	private static int parse(@Nullable String value) {
		try {
			return (value != null) ? Integer.parseInt(value) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
