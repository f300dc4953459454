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
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import io.namedpipe.testing.SambaPackets;
import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;

/**
 * The listener behind Samba, and clients that come to it as through smbd, without smbd.
 */
final class SambaTransport implements PipeTransport {

	private final UnixPipeTransport unix;

	private final SambaPipeListener listener;

	SambaTransport(Path directory) {
		this.unix = new UnixPipeTransport(directory);
		this.listener = SambaPipeListener.builder(this.unix)
			.socketDirectory(directory)
			.peerUid(UnixProcess.self().euid())
			.build();
	}

	@Override
	public String name() {
		return this.listener.name();
	}

	@Override
	public TransportCapabilities capabilities() {
		return this.listener.capabilities();
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return this.listener.accepts(address);
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return address.isLocal();
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		return this.listener.bind(address, options);
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		capabilities().require(options.mode(), options.direction(), name());
		return ConnectBudget.connect(address, options, () -> tryConnect(address));
	}

	private PipeChannel tryConnect(PipeAddress address) {
		try {
			SocketChannel smbd = SocketChannel.open(UnixDomainSocketAddress.of(this.listener.socketPath(address)));
			smbd.write(ByteBuffer.wrap(SambaPackets.of(UnixProcess.self().euid(), 0)));
			int length = SambaHandshake.accepted().limit();
			byte[] answer = Channels.newInputStream(smbd).readNBytes(length);
			if (answer.length < length) {
				smbd.close();
				throw new PipeException("refused");
			}
			if (ByteBuffer.wrap(answer).equals(SambaHandshake.busy())) {
				smbd.close();
				throw new PipeBusyException("Too many clients of the pipe '%s' wait".formatted(address));
			}
			PeerIdentity server = PeerIdentity.of(PeerIdentity.Kind.UNIX, "0").build();
			UnixUser user = new UnixUser(0, 0, new int[0], "root", new SystemUserDatabase());
			UnixPeers peers = new UnixPeers();
			return new SambaPipeChannel(new UnixPipeChannel(smbd, peers, null), peers, user, server);
		}
		catch (ConnectException ex) {
			throw new PipeNotFoundException("No server listens on the pipe '%s'".formatted(address), ex);
		}
		catch (SocketException ex) {
			throw new PipeNotFoundException("There is no pipe '%s'".formatted(address), ex);
		}
		catch (IOException ex) {
			throw new PipeException("failed", ex);
		}
	}

	@Override
	public void verifyImpersonation() {
		throw new PipeUnsupportedException("not needed");
	}

	@Override
	public void close() {
		this.listener.close();
	}

}
