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

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.Errno;
import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Pipes as Unix-domain sockets, for Linux and macOS. A name becomes the socket
 * {@code CoreFxPipe_<name>} in {@code $TMPDIR} or {@code /tmp}, where .NET looks for it.
 *
 * @since 0.1.0
 */
public final class UnixPipeTransport implements PipeTransport {

	static final String NAME = "unix";

	static final TransportCapabilities CAPABILITIES = UnixProcess.isLinux()
			? TransportCapabilities.of(Feature.ACCESS_RULES, Feature.IMPERSONATION)
			: TransportCapabilities.of(Feature.ACCESS_RULES);

	private final Path directory;

	private final UnixPeers peers = new UnixPeers();

	/**
	 * Create a transport that finds pipes where .NET does.
	 */
	public UnixPipeTransport() {
		this(null);
	}

	/**
	 * Create a transport with a directory of its own.
	 * @param directory where the sockets are, {@code null} for .NET's directory
	 * @throws PipeUnsupportedException on Windows, and in a run-time image without the
	 * module {@code jdk.net}
	 */
	public UnixPipeTransport(@Nullable Path directory) {
		if (File.separatorChar != '/') {
			throw new PipeUnsupportedException(
					"The 'unix' transport needs the file permissions of Linux or macOS; on Windows set 'namedpipe.transport' to 'auto'");
		}
		UnixPeers.requireJdkNet();
		this.directory = (directory != null) ? directory.toAbsolutePath() : temporaryDirectory();
	}

	private static Path temporaryDirectory() {
		// Not java.io.tmpdir: .NET asks the environment.
		String directory = System.getenv("TMPDIR");
		try {
			return Path.of((directory != null && !directory.isEmpty()) ? directory : "/tmp").toAbsolutePath();
		}
		catch (InvalidPathException ex) {
			throw new PipeUnsupportedException(
					("The directory of the environment variable TMPDIR cannot be used, since this JVM writes file names in %s; "
							+ "start it in a UTF-8 locale, such as LC_ALL=C.UTF-8 (system property 'sun.jnu.encoding')")
						.formatted(System.getProperty("sun.jnu.encoding")),
					ex);
		}
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	/**
	 * The socket that an address stands for.
	 * @param address the pipe
	 * @return the path of the socket
	 * @throws PipeAddressException if the path is too long, or the address is on another
	 * machine
	 */
	public Path socketPath(PipeAddress address) {
		if (!isThisMachine(address)) {
			throw new PipeAddressException(address.toString(),
					"Unix-domain sockets do not reach other machines; use . as the server");
		}
		Path path = address.path();
		return (path != null) ? path : PipeAddress.socketPath(address.toString(),
				"%s/CoreFxPipe_%s".formatted(this.directory, address.name()));
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return isThisMachine(address);
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return isThisMachine(address);
	}

	private static boolean isThisMachine(PipeAddress address) {
		if (address.isLocal() || address.server().equalsIgnoreCase("localhost")) {
			return true;
		}
		try {
			return address.server().equalsIgnoreCase(InetAddress.getLocalHost().getHostName());
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		check(options.mode(), options.direction());
		if (options.access().sddl() != null) {
			CAPABILITIES.require(Feature.SECURITY_DESCRIPTOR, name());
		}
		UnixAccess access = UnixAccess.of(options.access(), UnixProcess.self().euid());
		Path socket = socketPath(address);
		SocketClaim claim = SocketClaim.take(address, socket, access);
		try {
			return new UnixPipeServerChannel(address, claim.bind(access), claim, access, this.peers);
		}
		catch (RuntimeException ex) {
			claim.close();
			throw ex;
		}
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		check(options.mode(), options.direction());
		Path socket = socketPath(address);
		return ConnectBudget.connect(address, options, () -> connect(address, socket, options.expectedServer()));
	}

	private PipeChannel connect(PipeAddress address, Path socket, ExpectedServer expected) {
		SocketChannel channel = open(address);
		try {
			// A blocking connect waits without end for a server whose backlog is full.
			channel.configureBlocking(false);
			channel.connect(UnixDomainSocketAddress.of(socket));
			channel.configureBlocking(true);
			UnixPeer server = null;
			if (!expected.isAny()) {
				server = identify(address, channel);
				ServerVerifier.verify(address, expected, server.user(), UnixProcess.self().euid());
			}
			else if (this.peers.isImmediate()) {
				server = this.peers.identify(channel);
			}
			return new UnixPipeChannel(channel, this.peers, server);
		}
		catch (IOException | RuntimeException ex) {
			closeQuietly(channel, ex);
			throw (ex instanceof IOException failure) ? translate(address, socket, failure) : (RuntimeException) ex;
		}
	}

	private static SocketChannel open(PipeAddress address) {
		try {
			return SocketChannel.open(StandardProtocolFamily.UNIX);
		}
		catch (IOException ex) {
			throw cannotConnect(address, ex);
		}
	}

	private UnixPeer identify(PipeAddress address, SocketChannel channel) {
		try {
			return this.peers.identify(channel);
		}
		catch (PipeException ex) {
			throw new PipeNotVerifiedException(
					"The user that the server runs as is not known for the pipe '%s'; nothing was sent to it: %s"
						.formatted(address, ex.getMessage()),
					ex);
		}
	}

	private static void closeQuietly(SocketChannel channel, Exception reason) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			reason.addSuppressed(ex);
		}
	}

	private static PipeException translate(PipeAddress address, Path socket, IOException ex) {
		if (Errno.EACCES.isCauseOf(ex)) {
			return new PipeAccessDeniedException(
					"No permission to connect to the pipe '%s' (%s): the server lets in its own user only, unless told otherwise"
						.formatted(address, socket),
					ex);
		}
		if (Errno.ENOENT.isCauseOf(ex) || Errno.ENOTDIR.isCauseOf(ex)) {
			return new PipeNotFoundException(
					"No server listens on the pipe '%s' (%s does not exist); start it first".formatted(address, socket),
					ex);
		}
		if (ex instanceof ConnectException) {
			return new PipeNotFoundException(
					"No server listens on the pipe '%s' (%s refuses connections); start it first".formatted(address,
							socket),
					ex);
		}
		if (Errno.EAGAIN.isCauseOf(ex)) {
			return new PipeBusyException(
					"The server on the pipe '%s' accepts no more clients for now (its queue is full)"
						.formatted(address),
					ex);
		}
		return cannotConnect(address, ex);
	}

	// Nothing that waiting for the server would change.
	private static PipeException cannotConnect(PipeAddress address, IOException ex) {
		return SocketFailures.failed("The pipe '%s' cannot be connected to".formatted(address), ex);
	}

	private void check(PipeMode mode, PipeDirection direction) {
		if (mode != PipeMode.BYTE) {
			CAPABILITIES.require(Feature.MESSAGE_MODE, name());
		}
		if (direction != PipeDirection.DUPLEX) {
			CAPABILITIES.require(Feature.ONE_WAY, name());
		}
	}

	@Override
	public void verifyImpersonation() {
		CAPABILITIES.require(Feature.IMPERSONATION, name());
		ImpersonationSupport.require();
	}

	@Override
	public FileOpener fileOpener() {
		return LinuxFileOpener.instance();
	}

	@Override
	public void close() {
		// Every channel belongs to the caller that opened it.
	}

}
