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
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.posix.Jna;
import io.namedpipe.posix.JnaUnavailableException;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * The transport of Windows' kernel pipes: {@code \\.\pipe\name}, and
 * {@code \\server\pipe\name} for clients. All channels share one completion port and its
 * thread, which start with the first channel. The transport can be created on every
 * system, and used on Windows only. Thread-safe.
 *
 * @since 0.1.0
 */
public final class WindowsPipeTransport implements PipeTransport {

	/** Without it, Windows lowers the level of an impersonation to Identification. */
	static final String IMPERSONATE_PRIVILEGE = "SeImpersonatePrivilege";

	private static final Logger logger = System.getLogger(WindowsPipeTransport.class.getName());

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.MESSAGE_MODE,
			Feature.ONE_WAY, Feature.IMPERSONATION, Feature.REMOTE, Feature.SECURITY_DESCRIPTOR, Feature.ACCESS_RULES);

	/** The names that any transport of this JVM listens on. */
	private static final Set<String> names = ConcurrentHashMap.newKeySet();

	private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final ImpersonationTokens tokens = new ImpersonationTokens();

	private @Nullable CompletionPort port;

	private volatile boolean closed;

	/**
	 * Whether this machine has such pipes.
	 * @return {@code true} on Windows
	 */
	public static boolean isAvailable() {
		return OperatingSystem.isWindows();
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
	public void verify(ExpectedServer expected) {
		requireWindows();
		expected.owners().stream().filter((owner) -> !ExpectedServer.isKeyword(owner)).forEach(Accounts::sidOf);
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return reaches(address) && address.isThisMachine();
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		checkAddress(address);
		if (!address.isThisMachine()) {
			throw new PipeAddressException(address.toString(),
					"a server listens on its own machine only; use . as the server");
		}
		CompletionPort completions = port();
		String key = address.name().toLowerCase(Locale.ROOT);
		if (!names.add(key)) {
			throw new PipeInUseException(
					"The pipe '%s' is already listened on in this JVM; choose another name".formatted(address));
		}
		InstanceFactory factory;
		try {
			factory = new InstanceFactory(address, options, completions);
		}
		catch (RuntimeException | Error ex) {
			names.remove(key);
			throw ex;
		}
		WindowsPipeServerChannel server = track(new WindowsPipeServerChannel(address, options, factory,
				clientChannels(options, completions), (channel) -> {
					names.remove(key);
					forget(channel);
				}));
		try {
			server.start();
			return server;
		}
		catch (RuntimeException | Error ex) {
			server.close();
			throw ex;
		}
	}

	private BiFunction<PipeHandle, Consumer<WindowsPipeChannel>, PipeChannel> clientChannels(PipeServerOptions options,
			CompletionPort completions) {
		WindowsPipeChannel.Shape shape = WindowsPipeChannel.Shape.ofServer(options);
		return (handle, release) -> track(
				new WindowsPipeChannel(handle, completions, shape, new ClientPeer(handle, this.tokens), (channel) -> {
					release.accept(channel);
					forget(channel);
				}));
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		checkAddress(address);
		CompletionPort completions = port();
		return track(new WindowsConnector(address, options).connect(completions, this::forget));
	}

	private void checkAddress(PipeAddress address) {
		if (address.path() != null) {
			throw new PipeAddressException(address.toString(), "a pipe of Windows has a name and no path");
		}
	}

	private <T extends AutoCloseable> T track(T channel) {
		this.open.add(channel);
		if (this.closed) {
			close(channel);
			throw transportClosed();
		}
		return channel;
	}

	private static void close(AutoCloseable channel) {
		try {
			channel.close();
		}
		catch (Exception ex) {
			logger.log(Level.WARNING, "A channel could not be closed", ex);
		}
	}

	private static PipeClosedException transportClosed() {
		return new PipeClosedException("The 'windows' transport is closed");
	}

	private static void requireWindows() {
		if (!isAvailable()) {
			throw new PipeUnsupportedException("The 'windows' transport needs Windows");
		}
		requireJna("The 'windows' transport needs");
	}

	static void requireJna(String what) {
		try {
			Jna.require();
		}
		catch (JnaUnavailableException ex) {
			throw new PipeUnsupportedException("%s JNA. %s".formatted(what, ex.getMessage()), ex);
		}
	}

	CompletionPort port() {
		requireWindows();
		this.lock.lock();
		try {
			if (this.closed) {
				throw transportClosed();
			}
			CompletionPort current = this.port;
			if (current != null && current.failure() != null) {
				current.close();
				current = null;
			}
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
		requireWindows();
		try (AccessToken token = AccessToken.ofProcess()) {
			if (!token.hasPrivilege(IMPERSONATE_PRIVILEGE)) {
				throw new PipeImpersonationException(
						"This process cannot act as its clients: its user lacks the privilege %s ('Impersonate a client after authentication'), which services and administrators have"
							.formatted(IMPERSONATE_PRIVILEGE));
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.open.stream().filter(WindowsPipeServerChannel.class::isInstance).forEach(WindowsPipeTransport::close);
		releaseIfUnused();
	}

	private void forget(AutoCloseable channel) {
		this.open.remove(channel);
		releaseIfUnused();
	}

	// Connections work on after the close, until they are closed themselves: one of them
	// may be the one whose handler closes the application.
	private void releaseIfUnused() {
		CompletionPort current;
		this.lock.lock();
		try {
			if (!this.closed || !this.open.isEmpty()) {
				return;
			}
			current = this.port;
			this.port = null;
		}
		finally {
			this.lock.unlock();
		}
		this.tokens.close();
		if (current != null) {
			current.close();
		}
	}

}
