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
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Serves pipes to other machines, on Linux behind Samba: smbd authenticates a client that
 * opens {@code \\server\pipe\name}, connects to a socket of this listener, and hands the
 * client's identity over. A pipe is served if its options do not reject remote clients.
 * <p>
 * A process that can connect to the socket could claim any identity. So no other user may
 * be able to write to its directory, and only root or a configured user may connect.
 * Anonymous clients and guests are refused. The level of impersonation that a client
 * allows does not reach a server behind Samba.
 *
 * @since 0.1.0
 */
public final class SambaPipeListener implements PipeListener {

	static final String NAME = "samba";

	/** Pipes that Samba has itself (a domain controller has more). */
	private static final Set<String> RESERVED = Set.of("epmapper", "eventlog", "fssagentrpc", "initshutdown", "lsarpc",
			"lsass", "mdssvc", "netdfs", "netlogon", "ntsvcs", "plugplay", "samr", "spoolss", "srvsvc", "svcctl",
			"winreg", "wkssvc");

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.ACCESS_RULES,
			Feature.IMPERSONATION, Feature.REMOTE);

	private final UnixPipeTransport transport;

	private final @Nullable Path socketDirectory;

	private final boolean socketInherited;

	private final int peerUid;

	private SambaPipeListener(Builder builder) {
		this.transport = builder.transport;
		this.socketDirectory = builder.socketDirectory;
		this.socketInherited = builder.socketInherited;
		this.peerUid = builder.peerUid;
	}

	/**
	 * Build a listener.
	 * @param transport the transport of the local clients, whose means to open files are
	 * used
	 * @return a builder with the default of each setting
	 */
	public static Builder builder(UnixPipeTransport transport) {
		return new Builder(transport);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return address.isLocal();
	}

	@Override
	public boolean accepts(PipeAddress address, PipeServerOptions options) {
		return !options.rejectRemote() && accepts(address);
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		if (!OperatingSystem.isLinux()) {
			throw new PipeUnsupportedException("Pipes are served to other machines on Windows, and on Linux behind "
					+ "Samba; set 'reject-remote-clients' to true here");
		}
		CAPABILITIES.require(options.mode(), options.direction(), NAME);
		requireName(address);
		// Not in the scope of a client, whose rights may not suffice to load classes.
		fileOpener();
		SambaHandshakes handshakes = new SambaHandshakes(this.transport.peers(),
				UnixAccess.of(options.access(), UnixProcess.self().euid()), this.peerUid);
		if (this.socketInherited) {
			return new SambaPipeServerChannel(address, SocketActivation.ofProcess().acceptor(address), null, handshakes,
					this.transport.peers())
				.start();
		}
		return bind(address, socketPath(address), handshakes);
	}

	private PipeServerChannel bind(PipeAddress address, Path socket, SambaHandshakes handshakes) {
		requireSafe(address, socket);
		UnixAccess access = UnixAccess.of(PipeAccess.allow(PipeAccess.CURRENT_USER, UnixIds.format(this.peerUid)),
				UnixProcess.self().euid());
		SocketClaim claim = SocketClaim.take(address, socket, access);
		try {
			return new SambaPipeServerChannel(address, claim.bind(access), claim, handshakes, this.transport.peers())
				.start();
		}
		catch (RuntimeException | Error ex) {
			claim.close();
			throw ex;
		}
	}

	private static void requireName(PipeAddress address) {
		if (address.path() != null) {
			throw new PipeAddressException(address.toString(),
					"it is the path of a socket, and Samba reaches pipes by their names");
		}
		if (RESERVED.contains(address.name().toLowerCase(Locale.ROOT))) {
			throw new PipeAddressException(address.toString(), "Samba has a pipe of that name itself");
		}
	}

	/**
	 * The socket for a pipe: smbd looks for its name in lower case.
	 * @param address the pipe
	 * @return the path of the socket
	 * @throws PipeUnsupportedException if there is no directory
	 */
	public Path socketPath(PipeAddress address) {
		if (this.socketDirectory == null) {
			throw new PipeUnsupportedException(
					"""
							A pipe that does not reject remote clients is served to them through Samba, which needs a socket: \
							set 'namedpipe.samba.socket-directory' (or 'namedpipe.samba.socket-activation') and link the socket \
							from Samba's directory, or set 'reject-remote-clients' to true""");
		}
		return PipeAddress.socketPath(address.toString(),
				this.socketDirectory.toAbsolutePath() + "/" + address.name().toLowerCase(Locale.ROOT));
	}

	private static void requireSafe(PipeAddress address, Path socket) {
		String problem;
		try {
			problem = SocketDirectory.problem(socket.resolveSibling(""), UnixProcess.self().euid());
		}
		catch (IOException ex) {
			throw SocketFailures.of(address, socket, "namedpipe.samba.socket-directory").translate(ex);
		}
		if (problem != null) {
			throw new PipeAccessDeniedException(
					("The pipe '%s' cannot be served to other machines: %s. Set 'namedpipe.samba.socket-directory' to a "
							+ "directory that only root and the server's user can write")
						.formatted(address, problem));
		}
	}

	@Override
	public void verifyImpersonation() {
		this.transport.verifyImpersonation();
	}

	@Override
	public FileOpener fileOpener() {
		return this.transport.fileOpener();
	}

	@Override
	public void close() {
		// Every channel belongs to the caller that opened it.
	}

	/**
	 * Builds a {@link SambaPipeListener}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final UnixPipeTransport transport;

		private @Nullable Path socketDirectory;

		private boolean socketInherited;

		private int peerUid;

		private Builder(UnixPipeTransport transport) {
			this.transport = transport;
		}

		/**
		 * Set the directory of the sockets that smbd connects to.
		 * @param directory the directory; default {@code null}: without one, and without
		 * an inherited socket, no pipe can be served to other machines
		 * @return this
		 */
		public Builder socketDirectory(@Nullable Path directory) {
			this.socketDirectory = directory;
			return this;
		}

		/**
		 * Use the listening sockets that this process has inherited, by the protocol of
		 * systemd ({@code sd_listen_fds(3)}, each with the name of its pipe) or, for one
		 * pipe, as standard input ({@link System#inheritedChannel()}), instead of sockets
		 * in a directory.
		 * @param inherited whether to use them; default {@code false}
		 * @return this
		 */
		public Builder socketInherited(boolean inherited) {
			this.socketInherited = inherited;
			return this;
		}

		/**
		 * Set the user that may connect to the socket besides root, where smbd does not
		 * run as root. That user can claim to be any client.
		 * @param uid the uid; default 0, which is root alone
		 * @return this
		 */
		public Builder peerUid(int uid) {
			this.peerUid = uid;
			return this;
		}

		/**
		 * Build the listener.
		 * @return the listener
		 */
		public SambaPipeListener build() {
			return new SambaPipeListener(this);
		}

	}

}
