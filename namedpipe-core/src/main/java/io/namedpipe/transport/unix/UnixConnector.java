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
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.Errno;
import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;

/**
 * Connects to the socket of one pipe.
 */
final class UnixConnector {

	private final PipeAddress address;

	private final Path socket;

	private final PipeClientOptions options;

	private final UnixPeers peers;

	UnixConnector(PipeAddress address, Path socket, PipeClientOptions options, UnixPeers peers) {
		this.address = address;
		this.socket = socket;
		this.options = options;
		this.peers = peers;
	}

	PipeChannel connect() {
		return ConnectBudget.connect(this.address, this.options, this::tryConnect);
	}

	private PipeChannel tryConnect() {
		try {
			FileStatus file = FileStatus.read(this.socket);
			if (file == null) {
				throw new NoSuchFileException(this.socket.toString());
			}
			SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
			try {
				return connect(channel, file);
			}
			catch (IOException | RuntimeException | Error ex) {
				channel.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw translate(ex);
		}
	}

	private PipeChannel connect(SocketChannel channel, FileStatus file) throws IOException {
		// A blocking connect waits without end for a server whose backlog is full.
		channel.configureBlocking(false);
		channel.connect(UnixDomainSocketAddress.of(this.socket));
		channel.configureBlocking(true);
		UnixPeer server = verify(channel, file);
		PipeDirection direction = this.options.direction();
		UnixPipeChannel.shutUnused(channel, direction, false);
		return direction.limit(new UnixPipeChannel(channel, this.peers, server), false);
	}

	// The peer, or null if it is to be identified when it is needed.
	private @Nullable UnixPeer verify(SocketChannel channel, FileStatus file) {
		if (this.options.expectedServer().isAny()) {
			return this.peers.isImmediate() ? this.peers.identify(channel) : null;
		}
		UnixPeer server;
		try {
			server = this.peers.identify(channel);
		}
		catch (PipeException ex) {
			throw new PipeNotVerifiedException(
					"The user that the server runs as is not known for the pipe '%s'; nothing was sent to it: %s"
						.formatted(this.address, ex.getMessage()),
					ex);
		}
		ServerVerifier verifier = new ServerVerifier(this.address, this.options.expectedServer(),
				UnixProcess.self().euid());
		verifier.verify(server.user());
		verifier.verify(this.socket, file);
		return server;
	}

	private PipeException translate(IOException ex) {
		if (ex instanceof AccessDeniedException || Errno.EACCES.isCauseOf(ex)) {
			return new PipeAccessDeniedException(
					"No permission to connect to the pipe '%s' (%s): the server lets in its own user only, unless told otherwise"
						.formatted(this.address, this.socket),
					ex);
		}
		if (ex instanceof NoSuchFileException || Errno.ENOENT.isCauseOf(ex) || Errno.ENOTDIR.isCauseOf(ex)) {
			return notFound("does not exist", ex);
		}
		if (ex instanceof ConnectException) {
			return notFound(isSocket() ? "refuses connections" : "is no socket", ex);
		}
		if (Errno.EAGAIN.isCauseOf(ex)) {
			return new PipeBusyException(
					"The server on the pipe '%s' accepts no more clients for now (its queue is full)"
						.formatted(this.address),
					ex);
		}
		// Nothing that waiting for the server would change.
		return SocketFailures.failed("The pipe '%s' cannot be connected to".formatted(this.address), ex);
	}

	private boolean isSocket() {
		try {
			FileStatus file = FileStatus.readTarget(this.socket);
			return file == null || file.isSocket();
		}
		catch (IOException ex) {
			return true;
		}
	}

	private PipeNotFoundException notFound(String problem, IOException ex) {
		return new PipeNotFoundException("No server listens on the pipe '%s' (%s %s); start it first"
			.formatted(this.address, this.socket, problem), ex);
	}

}
