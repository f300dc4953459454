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
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.posix.ThreadStartFilter;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
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

	static final TransportCapabilities CAPABILITIES = OperatingSystem.isLinux()
			? TransportCapabilities.of(Feature.ACCESS_RULES, Feature.ONE_WAY, Feature.IMPERSONATION)
			: TransportCapabilities.of(Feature.ACCESS_RULES, Feature.ONE_WAY);

	private final Path directory;

	private final boolean fuseAllowed;

	private final boolean portableFileOpenerAllowed;

	private final ReentrantLock fileOpenerLock = new ReentrantLock();

	private @Nullable FileOpener fileOpener;

	private final boolean unfilteredThreadsAllowed;

	private final UnixPeers peers;

	/**
	 * Create a transport that finds pipes where .NET does.
	 */
	public UnixPipeTransport() {
		this(builder());
	}

	/**
	 * Create a transport with a directory of its own.
	 * @param directory where the sockets are, {@code null} for .NET's directory
	 * @throws PipeUnsupportedException on Windows, and in a run-time image without the
	 * module {@code jdk.net}
	 */
	public UnixPipeTransport(@Nullable Path directory) {
		this(builder().directory(directory));
	}

	private UnixPipeTransport(Builder builder) {
		if (File.separatorChar != '/') {
			throw new PipeUnsupportedException(
					"The 'unix' transport needs the file permissions of Linux or macOS; on Windows set 'namedpipe.transport' to 'auto'");
		}
		UnixPeers.requirePlatform();
		Path directory = builder.directory;
		this.directory = (directory != null) ? directory.toAbsolutePath() : temporaryDirectory();
		this.fuseAllowed = builder.fuseAllowed;
		this.portableFileOpenerAllowed = builder.portableFileOpenerAllowed;
		this.unfilteredThreadsAllowed = builder.unfilteredThreadsAllowed;
		this.peers = new UnixPeers(builder.unfilteredThreadsAllowed);
	}

	/**
	 * Build a transport.
	 * @return a builder with the default of each setting
	 */
	public static Builder builder() {
		return new Builder();
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
		if (!reaches(address)) {
			throw new PipeAddressException(address.toString(),
					"Unix-domain sockets do not reach other machines; use . as the server");
		}
		Path path = address.path();
		return (path != null) ? path : PipeAddress.socketPath(address.toString(),
				"%s/CoreFxPipe_%s".formatted(this.directory, address.name()));
	}

	@Override
	public void verify(PipeAddress address) {
		socketPath(address);
	}

	@Override
	public void verify(ExpectedServer expected) {
		expected.owners().stream().filter((owner) -> !ExpectedServer.isKeyword(owner)).forEach(UnixAccess::user);
	}

	@Override
	public boolean reaches(PipeAddress address) {
		if (address.isThisMachine()) {
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
		CAPABILITIES.require(options.mode(), options.direction(), NAME);
		if (options.access().sddl() != null) {
			CAPABILITIES.require(Feature.SECURITY_DESCRIPTOR, name());
		}
		// Not in the scope of a client, whose rights may not suffice to load classes.
		fileOpener();
		UnixAccess access = UnixAccess.of(options.access(), UnixProcess.self().euid());
		Path socket = socketPath(address);
		SocketClaim claim = SocketClaim.take(address, socket, access);
		try {
			return new UnixPipeServerChannel(address, claim.bind(access), claim, access, this.peers,
					options.direction());
		}
		catch (RuntimeException | Error ex) {
			claim.close();
			throw ex;
		}
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		CAPABILITIES.require(options.mode(), options.direction(), NAME);
		return new UnixConnector(address, socketPath(address), options, this.peers).connect();
	}

	UnixPeers peers() {
		return this.peers;
	}

	@Override
	public void verifyImpersonation() {
		CAPABILITIES.require(Feature.IMPERSONATION, name());
		ImpersonationSupport.require();
		if (PlatformThreads.hasVirtualThreads() && !this.unfilteredThreadsAllowed && !ThreadStartFilter.isAvailable()) {
			throw ImpersonationSupport.unfiltered(null);
		}
	}

	@Override
	public FileOpener fileOpener() {
		this.fileOpenerLock.lock();
		try {
			if (this.fileOpener == null) {
				this.fileOpener = UnixFileOpeners.create(this.fuseAllowed, this.portableFileOpenerAllowed);
			}
			return this.fileOpener;
		}
		finally {
			this.fileOpenerLock.unlock();
		}
	}

	@Override
	public void close() {
		// Every channel belongs to the caller that opened it.
	}

	/**
	 * Builds a {@link UnixPipeTransport}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private @Nullable Path directory;

		private boolean fuseAllowed;

		private boolean portableFileOpenerAllowed;

		private boolean unfilteredThreadsAllowed;

		private Builder() {
		}

		/**
		 * Set the directory of the sockets.
		 * @param directory the directory; default {@code null}, which is .NET's:
		 * {@code $TMPDIR} or {@code /tmp}
		 * @return this
		 */
		public Builder directory(@Nullable Path directory) {
			this.directory = directory;
			return this;
		}

		/**
		 * Let {@link UnixPipeTransport#fileOpener()} open files of FUSE file systems
		 * (sshfs, gocryptfs and the like). For most of these the kernel checks the user
		 * of the server's process and not the client that it acts as: a client can read
		 * what the server's user has mounted.
		 * @param allowed whether to open such files; default {@code false}
		 * @return this
		 */
		public Builder fuseAllowed(boolean allowed) {
			this.fuseAllowed = allowed;
			return this;
		}

		/**
		 * Let {@link UnixPipeTransport#fileOpener()} fall back to
		 * {@link FileOpener#portable()} for clients of other users where the kernel has
		 * no {@code openat2} (before Linux 5.6, or a filter of system calls). A client
		 * can then have another file opened by replacing a file at the right moment.
		 * @param allowed whether to fall back; default {@code false}: such clients get no
		 * files
		 * @return this
		 */
		public Builder portableFileOpenerAllowed(boolean allowed) {
			this.portableFileOpenerAllowed = allowed;
			return this;
		}

		/**
		 * Let code act as a client of another user on Java 21 and later where the kernel
		 * has no filters of system calls (seccomp), which keep the thread from starting
		 * threads. Whatever wakes a virtual thread can start a carrier, which then has
		 * the client's identity forever. That is noticed afterwards, and ends the
		 * serving.
		 * @param allowed whether to act as clients without such a filter; default
		 * {@code false}
		 * @return this
		 */
		public Builder unfilteredThreadsAllowed(boolean allowed) {
			this.unfilteredThreadsAllowed = allowed;
			return this;
		}

		/**
		 * Build the transport.
		 * @return the transport
		 * @throws PipeUnsupportedException on Windows
		 */
		public UnixPipeTransport build() {
			return new UnixPipeTransport(this);
		}

	}

}
