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

package io.namedpipe.transport.memory;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Pipes inside one JVM. Each transport has names of its own. Every client is the user
 * that runs the JVM, unless a test supplies other clients. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MemoryPipeTransport implements PipeTransport {

	private static final int STREAM_CAPACITY = 64 * 1024;

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.ONE_WAY,
			Feature.IMPERSONATION);

	private final ConcurrentMap<String, MemoryPipeServerChannel> names = new ConcurrentHashMap<>();

	private final Supplier<PeerIdentity> client;

	private final Function<PeerIdentity, Impersonation> impersonations;

	/**
	 * Create a transport whose clients are the user that runs the JVM.
	 */
	public MemoryPipeTransport() {
		this(MemoryPipeTransport::ownIdentity, (peer) -> SameUser.INSTANCE);
	}

	/**
	 * Create a transport whose clients a test supplies.
	 * @param client supplies, for each connection, the identity that the server sees
	 * @param impersonations gives the means to act as the client
	 */
	public MemoryPipeTransport(Supplier<PeerIdentity> client, Function<PeerIdentity, Impersonation> impersonations) {
		this.client = client;
		this.impersonations = impersonations;
	}

	static PeerIdentity ownIdentity() {
		String user = System.getProperty("user.name", "unknown");
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, user).process(ProcessHandle.current().pid()).build();
	}

	@Override
	public String name() {
		return "memory";
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return address.isThisMachine() && address.path() == null;
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		requireName(address);
		CAPABILITIES.require(options.mode(), options.direction(), name());
		if (!options.access().isCurrentUserOnly()) {
			CAPABILITIES.require(Feature.ACCESS_RULES, name());
		}
		MemoryPipeServerChannel server = new MemoryPipeServerChannel(address, options.direction(),
				() -> this.names.remove(address.name()));
		if (this.names.putIfAbsent(address.name(), server) != null) {
			throw new PipeInUseException(
					"The pipe '%s' is already listened on in this JVM; choose another name".formatted(address));
		}
		return server;
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		requireName(address);
		CAPABILITIES.require(options.mode(), options.direction(), name());
		return ConnectBudget.connect(address, options, () -> tryConnect(address, options));
	}

	private PipeChannel tryConnect(PipeAddress address, PipeClientOptions options) {
		MemoryPipeServerChannel server = this.names.get(address.name());
		if (server == null) {
			throw new PipeNotFoundException(
					"No server listens on the pipe '%s' in this JVM; start it first".formatted(address));
		}
		PipeDirection direction = options.direction();
		if (server.direction() != PipeDirection.DUPLEX && server.direction() != direction) {
			throw new PipeAccessDeniedException(
					"No permission to connect to the pipe '%s': it goes the other way, or one way only"
						.formatted(address));
		}
		MemoryStream toServer = new MemoryStream(STREAM_CAPACITY);
		MemoryStream toClient = new MemoryStream(STREAM_CAPACITY);
		shutUnused(direction, toServer, toClient);
		PeerIdentity caller = this.client.get();
		MemoryPipeChannel serverEnd = new MemoryPipeChannel(toServer, toClient, caller,
				this.impersonations.apply(caller));
		if (!server.offer(serverEnd)) {
			throw new PipeBusyException("The server on the pipe '%s' accepted nobody within %d ms".formatted(address,
					options.connectTimeout().toMillis()));
		}
		return direction.limit(new MemoryPipeChannel(toClient, toServer, ownIdentity(), SameUser.INSTANCE), false);
	}

	// A server that could use the half that its client does not use learns it as over a
	// socket.
	private static void shutUnused(PipeDirection direction, MemoryStream toServer, MemoryStream toClient) {
		if (direction == PipeDirection.INBOUND) {
			toClient.shutReader();
		}
		if (direction == PipeDirection.OUTBOUND) {
			toServer.closeWriter();
		}
	}

	private void requireName(PipeAddress address) {
		if (!reaches(address)) {
			throw new PipeAddressException(address.toString(),
					"the 'memory' transport has names on this machine, and no socket paths or other machines");
		}
	}

	@Override
	public void verifyImpersonation() {
		// A test supplies impersonations that always work.
	}

	@Override
	public void close() {
		List.copyOf(this.names.values()).forEach(MemoryPipeServerChannel::close);
	}

	private enum SameUser implements Impersonation {

		INSTANCE;

		@Override
		public boolean isSwitchNeeded() {
			return false;
		}

		@Override
		public Scope enter() {
			return () -> {
			};
		}

	}

}
