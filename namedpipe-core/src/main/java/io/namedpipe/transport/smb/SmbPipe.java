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

package io.namedpipe.transport.smb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.SocketFactory;

import com.hierynomus.msdtyp.AccessMask;
import com.hierynomus.mssmb2.SMB2CreateDisposition;
import com.hierynomus.mssmb2.SMB2Dialect;
import com.hierynomus.mssmb2.SMB2FileId;
import com.hierynomus.mssmb2.SMB2ImpersonationLevel;
import com.hierynomus.mssmb2.SMB2Packet;
import com.hierynomus.mssmb2.SMB2ShareAccess;
import com.hierynomus.mssmb2.messages.SMB2ReadRequest;
import com.hierynomus.mssmb2.messages.SMB2ReadResponse;
import com.hierynomus.mssmb2.messages.SMB2WriteRequest;
import com.hierynomus.mssmb2.messages.SMB2WriteResponse;
import com.hierynomus.protocol.transport.TransportException;
import com.hierynomus.smbj.SMBClient;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.auth.NtlmAuthenticator;
import com.hierynomus.smbj.auth.SpnegoAuthenticator;
import com.hierynomus.smbj.connection.Connection;
import com.hierynomus.smbj.event.SMBEventBus;
import com.hierynomus.smbj.event.SessionLoggedOff;
import com.hierynomus.smbj.io.ArrayByteChunkProvider;
import com.hierynomus.smbj.session.Session;
import com.hierynomus.smbj.share.PipeShare;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;
import io.namedpipe.transport.smb.SmbPipeConnector.Encryption;

/**
 * One pipe with the SMB connection, session and handle that belong to it alone.
 */
final class SmbPipe implements AutoCloseable {

	/** The maximum number of bytes that smbd passes on in one piece. */
	static final int MAX_PIECE = 0xFFFF;

	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

	private final SMBEventBus bus = new SMBEventBus();

	private final SmbConfig config;

	private final RememberedSocket socket;

	private @Nullable Connection connection;

	private @Nullable Session session;

	private @Nullable SMB2FileId file;

	private long tree;

	private SmbPipe(SmbSettings settings, Duration timeout) {
		this.socket = new RememberedSocket(timeout);
		boolean kerberos = settings.authentication() == Authentication.KERBEROS;
		this.config = SmbConfig.builder()
			.withDialects(settings.minimumDialect().upwards().stream().map(SmbPipe::dialect).toList())
			.withSigningRequired(true)
			.withEncryptData(true)
			.withDfsEnabled(false)
			.withMultiProtocolNegotiate(false)
			.withTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
			.withSecurityProvider(new JdkSecurityProvider())
			.withSocketFactory(this.socket)
			.withAuthenticators(List.of(kerberos ? new SpnegoAuthenticator.Factory() : new NtlmAuthenticator.Factory()))
			.build();
	}

	private static SMB2Dialect dialect(SmbPipeConnector.Dialect dialect) {
		return switch (dialect) {
			case SMB_2_1 -> SMB2Dialect.SMB_2_1;
			case SMB_3_0 -> SMB2Dialect.SMB_3_0;
			case SMB_3_0_2 -> SMB2Dialect.SMB_3_0_2;
			case SMB_3_1_1 -> SMB2Dialect.SMB_3_1_1;
		};
	}

	static SmbPipeChannel open(PipeAddress address, SmbSettings settings, PipeClientOptions options) {
		SmbPipe pipe = new SmbPipe(settings,
				(options.connectTimeout().isZero()) ? DEFAULT_TIMEOUT : options.connectTimeout());
		try {
			pipe.connect(address, settings);
			pipe.open(address, options.impersonationLevel());
			return new SmbPipeChannel(address, pipe);
		}
		catch (IOException | RuntimeException ex) {
			pipe.close();
			throw SmbFailures.translate(address, settings.port(), ex);
		}
		catch (Error ex) {
			pipe.close();
			throw ex;
		}
	}

	private void connect(PipeAddress address, SmbSettings settings) throws IOException {
		AuthenticationContext user = (settings.authentication() == Authentication.KERBEROS)
				? KerberosLogin.login(address, settings) : password(settings);
		Connection connection = new SMBClient(this.config, this.bus).connect(address.server(), settings.port());
		this.connection = connection;
		if (settings.encryption() == Encryption.REQUIRED && !connection.getConnectionContext().supportsEncryption()) {
			throw new PipeNotVerifiedException(
					"'%s' does not offer encryption, which 'namedpipe.smb.encryption' requires; nothing was sent to the pipe '%s'"
						.formatted(address.server(), address));
		}
		Session session = connection.authenticate(user);
		this.session = session;
		if (session.isGuest() || session.isAnonymous()) {
			throw SmbFailures.guest(address, null);
		}
	}

	private static AuthenticationContext password(SmbSettings settings) {
		return new AuthenticationContext(String.valueOf(settings.username()),
				String.valueOf(settings.password()).toCharArray(), settings.domain());
	}

	private void open(PipeAddress address, ImpersonationLevel level) {
		if (!(session().connectShare("IPC$") instanceof PipeShare share)) {
			throw new PipeException("'%s' has no pipes".formatted(address.server()));
		}
		this.tree = share.getTreeConnect().getTreeId();
		this.file = share.openFileId(address.name(), level(level),
				EnumSet.of(AccessMask.GENERIC_READ, AccessMask.GENERIC_WRITE), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OPEN, null);
	}

	private static SMB2ImpersonationLevel level(ImpersonationLevel level) {
		return switch (level) {
			case ANONYMOUS -> SMB2ImpersonationLevel.Anonymous;
			case IDENTIFICATION -> SMB2ImpersonationLevel.Identification;
			case IMPERSONATION -> SMB2ImpersonationLevel.Impersonation;
			case DELEGATION -> SMB2ImpersonationLevel.Delegate;
		};
	}

	Future<SMB2ReadResponse> read() throws TransportException {
		return send(new SMB2ReadRequest(dialect(), file(), session().getSessionId(), this.tree, 0, MAX_PIECE + 1));
	}

	Future<SMB2WriteResponse> write(byte[] bytes) throws TransportException {
		return send(new SMB2WriteRequest(dialect(), file(), session().getSessionId(), this.tree,
				new ArrayByteChunkProvider(bytes, 0), bytes.length));
	}

	private <T extends SMB2Packet> Future<T> send(SMB2Packet packet) throws TransportException {
		return session().send(packet);
	}

	private SMB2Dialect dialect() {
		return session().getConnection().getNegotiatedProtocol().getDialect();
	}

	private Session session() {
		if (this.session == null) {
			throw new IllegalStateException("There is no session yet");
		}
		return this.session;
	}

	private SMB2FileId file() {
		if (this.file == null) {
			throw new IllegalStateException("The pipe is not open yet");
		}
		return this.file;
	}

	boolean isConnected() {
		return this.connection != null && this.connection.isConnected();
	}

	/**
	 * Drop the connection, which ends what waits for it. The handle is not closed first:
	 * with a read pending, Samba would never answer.
	 */
	@Override
	public void close() {
		// A write that waits for the server holds the lock that the disconnect takes.
		this.socket.close();
		Connection connection = this.connection;
		if (connection == null) {
			return;
		}
		if (this.session != null) {
			// Or else the disconnect would try to log off.
			this.bus.publish(new SessionLoggedOff(this.session.getSessionId()));
		}
		try {
			connection.close(true);
		}
		catch (IOException | RuntimeException ex) {
			// The connection is closed anyway.
		}
		connection.handleError(new IOException("The pipe channel is closed"));
	}

	/**
	 * Makes the one socket of the connection and remembers it.
	 */
	private static final class RememberedSocket extends SocketFactory {

		private final int timeoutMillis;

		private volatile @Nullable Socket socket;

		RememberedSocket(Duration timeout) {
			this.timeoutMillis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
		}

		@Override
		public Socket createSocket(String host, int port) throws IOException {
			InetSocketAddress address = new InetSocketAddress(host, port);
			if (address.isUnresolved()) {
				throw new UnknownHostException(host);
			}
			Socket socket = new Socket();
			this.socket = socket;
			try {
				socket.setTcpNoDelay(true);
				socket.connect(address, this.timeoutMillis);
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				throw ex;
			}
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
			return createSocket(host, port);
		}

		@Override
		public Socket createSocket(InetAddress host, int port) throws IOException {
			return createSocket(host.getHostAddress(), port);
		}

		@Override
		public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
				throws IOException {
			return createSocket(host, port);
		}

		void close() {
			Socket socket = this.socket;
			try {
				if (socket != null) {
					socket.close();
				}
			}
			catch (IOException ex) {
				// The socket is not used any more.
			}
		}

	}

}
