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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Connects to pipes of other machines, {@code \\server\pipe\name}, over SMB 2.1 to 3.1.1.
 * For Linux and macOS: on Windows the system does it. Needs {@code com.hierynomus:smbj}.
 * <p>
 * Each pipe has an SMB connection of its own, since a pipe that is closed while a read is
 * pending would stop others on the same connection. Messages are signed always. Guest
 * sessions and anonymous sessions are refused. A server proves that it knows the user's
 * password, or with Kerberos that it is the machine with that name. The user that the
 * server process runs as is not known, so only the keywords of an expected server can be
 * checked, and no users.
 *
 * @since 0.1.0
 */
public final class SmbPipeConnector implements PipeConnector {

	static final String NAME = "smb";

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.REMOTE);

	private final SmbSettings settings;

	private SmbPipeConnector(SmbSettings settings) {
		this.settings = settings;
	}

	/**
	 * Build a connector.
	 * @return a builder with the default of each setting
	 */
	public static Builder builder() {
		return new Builder();
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
	public boolean reaches(PipeAddress address) {
		return !address.isLocal();
	}

	@Override
	public void verify(PipeAddress address) {
		PipeConnector.super.verify(address);
		requireLibrary(address);
		this.settings.requireComplete(address);
	}

	private static void requireLibrary(PipeAddress address) {
		try {
			Class.forName("com.hierynomus.smbj.SMBClient", false, SmbPipeConnector.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			throw new PipeAddressException(address.toString(),
					"pipes of other machines are reached over SMB, which needs the dependency 'com.hierynomus:smbj' (0.14.0)");
		}
	}

	/**
	 * Connect, open a session and open the pipe.
	 * @throws io.namedpipe.transport.PipeNotFoundException if there is no such machine,
	 * nothing listens on the port, or no server has the pipe
	 * @throws io.namedpipe.transport.PipeBusyException if too many clients wait already
	 * @throws io.namedpipe.transport.PipeAccessDeniedException if the log-on fails or the
	 * user may not open the pipe
	 * @throws io.namedpipe.transport.PipeTimeoutException if the server does not answer
	 * within the connect time-out, or within 5 s if that is zero
	 * @throws PipeNotVerifiedException if the session would be a guest session, an
	 * anonymous one, or not encrypted although it has to be, or if the expected server is
	 * a user
	 */
	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		verify(address);
		CAPABILITIES.require(options.mode(), options.direction(), NAME);
		requireWords(address, options.expectedServer());
		return ConnectBudget.connect(address, options, () -> SmbPipe.open(address, this.settings, options));
	}

	private static void requireWords(PipeAddress address, ExpectedServer expected) {
		if (expected.owners().stream().noneMatch(ExpectedServer::isKeyword)) {
			throw new PipeNotVerifiedException(
					("The user that serves the pipe '%s' is not known over SMB, and %s cannot be checked; nothing was sent. "
							+ "Expect 'system' or 'any'")
						.formatted(address, expected.owners()));
		}
	}

	@Override
	public void close() {
		// Every channel belongs to the caller that opened it.
	}

	/**
	 * How the client proves its identity.
	 *
	 * @since 0.1.0
	 */
	public enum Authentication {

		/** A user name and a password, with NTLMv2. */
		NTLM,

		/** A ticket of the user's cache, or a key table. */
		KERBEROS

	}

	/**
	 * Whether a connection is encrypted.
	 *
	 * @since 0.1.0
	 */
	public enum Encryption {

		/** If the server offers it. */
		AS_OFFERED,

		/** Always: a server that does not offer it is refused. */
		REQUIRED

	}

	/**
	 * Versions of SMB.
	 *
	 * @since 0.1.0
	 */
	public enum Dialect {

		/** Of Windows 7; no encryption. */
		SMB_2_1,

		/** Of Windows 8. */
		SMB_3_0,

		/** Of Windows 8.1. */
		SMB_3_0_2,

		/** Of Windows 10. */
		SMB_3_1_1;

		List<Dialect> upwards() {
			return new ArrayList<>(List.of(values()).subList(ordinal(), values().length));
		}

	}

	/**
	 * Builds a {@link SmbPipeConnector}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private int port = 445;

		private @Nullable String username;

		private @Nullable String password;

		private String domain = "";

		private Authentication authentication = Authentication.NTLM;

		private @Nullable Path keytab;

		private Encryption encryption = Encryption.AS_OFFERED;

		private Dialect minimumDialect = Dialect.SMB_2_1;

		private Builder() {
		}

		/**
		 * Set the port of the servers.
		 * @param port the TCP port; default 445
		 * @return this
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Set the user.
		 * @param username the user; needed for NTLM, and with Kerberos the principal that
		 * belongs to a key table
		 * @return this
		 */
		public Builder username(@Nullable String username) {
			this.username = username;
			return this;
		}

		/**
		 * Set the password, for NTLM. It is in no message and no log.
		 * @param password the password
		 * @return this
		 */
		public Builder password(@Nullable String password) {
			this.password = password;
			return this;
		}

		/**
		 * Set the domain of the user.
		 * @param domain the domain; default empty: the server's own accounts
		 * @return this
		 */
		public Builder domain(@Nullable String domain) {
			this.domain = (domain != null) ? domain : "";
			return this;
		}

		/**
		 * Set how the client proves its identity.
		 * @param authentication the way; default {@link Authentication#NTLM}
		 * @return this
		 */
		public Builder authentication(Authentication authentication) {
			this.authentication = authentication;
			return this;
		}

		/**
		 * Set the key table for Kerberos.
		 * @param keytab the file; default {@code null}: the user's ticket cache
		 * @return this
		 */
		public Builder keytab(@Nullable Path keytab) {
			this.keytab = keytab;
			return this;
		}

		/**
		 * Set whether connections are encrypted. They are signed in any case.
		 * @param encryption the rule; default {@link Encryption#AS_OFFERED}
		 * @return this
		 */
		public Builder encryption(Encryption encryption) {
			this.encryption = encryption;
			return this;
		}

		/**
		 * Set the oldest version of SMB that is spoken.
		 * @param minimumDialect the version; default {@link Dialect#SMB_2_1}
		 * @return this
		 */
		public Builder minimumDialect(Dialect minimumDialect) {
			this.minimumDialect = minimumDialect;
			return this;
		}

		/**
		 * Build the connector.
		 * @return the connector
		 */
		public SmbPipeConnector build() {
			return new SmbPipeConnector(new SmbSettings(this.port, this.username, this.password, this.domain,
					this.authentication, this.keytab, this.encryption, this.minimumDialect));
		}

	}

}
