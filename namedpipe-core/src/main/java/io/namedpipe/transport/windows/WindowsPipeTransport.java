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

package io.namedpipe.transport.windows;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * The kernel's pipes of Windows: {@code \\.\pipe\name}, and {@code \\server\pipe\name}
 * for clients. One completion port with one thread for all channels, started with the
 * first of them. Can be created anywhere, and used on Windows.
 *
 * @since 0.1.0
 */
public final class WindowsPipeTransport implements PipeTransport {

	/** Without it, Windows lowers whoever the process acts as to a mere name. */
	static final String IMPERSONATE_PRIVILEGE = "SeImpersonatePrivilege";

	private static final Logger logger = System.getLogger(WindowsPipeTransport.class.getName());

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.MESSAGE_MODE,
			Feature.ONE_WAY, Feature.IMPERSONATION, Feature.REMOTE, Feature.SECURITY_DESCRIPTOR, Feature.ACCESS_RULES);

	/** The names that this JVM listens on, whichever transport does. */
	private static final Set<String> names = ConcurrentHashMap.newKeySet();

	private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final TokenThreads tokens = new TokenThreads();

	private @Nullable CompletionPort port;

	private volatile boolean closed;

	/**
	 * Whether this machine has such pipes.
	 * @return {@code true} on Windows
	 */
	public static boolean isAvailable() {
		return System.getProperty("os.name", "").startsWith("Windows");
	}

	@Override
	public String name() {
		return "windows";
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return address.path() == null;
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return address.path() == null && isThisMachine(address);
	}

	private static boolean isThisMachine(PipeAddress address) {
		return address.isLocal() || address.server().equalsIgnoreCase("localhost");
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		checkAddress(address);
		if (!isThisMachine(address)) {
			throw new PipeAddressException(address.toString(),
					"a server listens on its own machine only; use . as the server");
		}
		CompletionPort completions = port();
		String key = address.name().toLowerCase(Locale.ROOT);
		if (!names.add(key)) {
			throw new PipeInUseException(
					"The pipe '%s' is already listened on in this JVM; choose another name".formatted(address));
		}
		InstanceFactory factory = null;
		WindowsPipeServerChannel server = null;
		try {
			factory = new InstanceFactory(address, options, completions);
			server = new WindowsPipeServerChannel(address, options, factory, new Accepted(options, completions),
					(channel) -> {
						this.open.remove(channel);
						names.remove(key);
					});
			this.open.add(server);
			server.start();
			if (this.closed) {
				throw transportClosed();
			}
			return server;
		}
		catch (RuntimeException ex) {
			if (server != null) {
				server.close();
			}
			else {
				names.remove(key);
			}
			throw ex;
		}
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		checkAddress(address);
		CompletionPort completions = port();
		Pointer handle = WindowsConnector.open(address, options);
		boolean messages = options.mode() == PipeMode.MESSAGE;
		String owner;
		boolean messageType;
		PipeHandle guard;
		try {
			owner = WindowsConnector.verifyOwner(address, options.expectedServer(), handle);
			messageType = WindowsConnector.isMessageType(handle);
			WindowsConnector.setReadMode(address, options.mode(), handle);
			guard = completions.associate(handle, messages);
		}
		catch (RuntimeException ex) {
			Kernel32Calls.CloseHandle(handle);
			throw ex;
		}
		WindowsPipeChannel.Shape shape = new WindowsPipeChannel.Shape(options.direction() != PipeDirection.INBOUND,
				options.direction() != PipeDirection.OUTBOUND, messageType, messages, options.maxMessageSize(), false);
		PeerSource peers = new ServerPeers(owner, !address.isLocal());
		return track(new WindowsPipeChannel(guard, completions, shape, peers, (channel) -> {
			this.open.remove(channel);
			Kernel32Calls.CloseHandle(handle);
		}));
	}

	private void checkAddress(PipeAddress address) {
		if (address.path() != null) {
			throw new PipeAddressException(address.toString(), "a pipe of Windows has a name and no path");
		}
	}

	private PipeChannel track(PipeChannel channel) {
		this.open.add(channel);
		if (this.closed) {
			channel.close();
			throw transportClosed();
		}
		return channel;
	}

	private static PipeClosedException transportClosed() {
		return new PipeClosedException("The 'windows' transport is closed");
	}

	private CompletionPort port() {
		if (!isAvailable()) {
			throw new PipeUnsupportedException("The 'windows' transport needs Windows");
		}
		this.lock.lock();
		try {
			if (this.closed) {
				throw transportClosed();
			}
			CompletionPort current = this.port;
			if (current == null) {
				current = new CompletionPort();
				this.port = current;
			}
			return current;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void verifyImpersonation() {
		if (!isAvailable()) {
			throw new PipeUnsupportedException("The 'windows' transport needs Windows");
		}
		try (Token token = Token.ofProcess()) {
			if (!token.hasPrivilege(IMPERSONATE_PRIVILEGE)) {
				throw new PipeImpersonationException(
						"This process cannot act as its clients: its user lacks the privilege %s ('Impersonate a client after authentication'), which services and administrators have"
							.formatted(IMPERSONATE_PRIVILEGE));
			}
		}
	}

	@Override
	public void close() {
		CompletionPort current;
		this.lock.lock();
		try {
			this.closed = true;
			current = this.port;
			this.port = null;
		}
		finally {
			this.lock.unlock();
		}
		for (AutoCloseable each : List.copyOf(this.open)) {
			try {
				each.close();
			}
			catch (Exception ex) {
				logger.log(Level.WARNING, "A channel could not be closed", ex);
			}
		}
		this.tokens.close();
		if (current != null) {
			current.close();
		}
	}

	/**
	 * Makes the channels of accepted clients.
	 */
	private final class Accepted implements WindowsPipeServerChannel.Connector {

		private final CompletionPort completions;

		private final WindowsPipeChannel.Shape shape;

		private final ClientPeers peers = new ClientPeers(WindowsPipeTransport.this.tokens);

		Accepted(PipeServerOptions options, CompletionPort completions) {
			this.completions = completions;
			boolean messages = options.mode() == PipeMode.MESSAGE;
			this.shape = new WindowsPipeChannel.Shape(options.direction() != PipeDirection.OUTBOUND,
					options.direction() != PipeDirection.INBOUND, messages, messages, options.maxMessageSize(), true);
		}

		@Override
		public PipeChannel serve(PipeInstance instance, Consumer<WindowsPipeChannel> release) {
			return track(
					new WindowsPipeChannel(instance.handle(), this.completions, this.shape, this.peers, (channel) -> {
						WindowsPipeTransport.this.open.remove(channel);
						release.accept(channel);
					}));
		}

		@Override
		public void failedToReplenish(PipeAddress address, PipeException reason) {
			logger.log(Level.WARNING, "The pipe ''{0}'' waits for fewer clients than it should: {1}", address,
					reason.getMessage());
		}

	}

}
