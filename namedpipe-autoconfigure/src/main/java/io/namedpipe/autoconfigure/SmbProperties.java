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

package io.namedpipe.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;
import io.namedpipe.transport.smb.SmbPipeConnector.Dialect;
import io.namedpipe.transport.smb.SmbPipeConnector.Encryption;

/**
 * Settings of clients of pipes on other machines, which are reached over SMB on Linux and
 * macOS.
 *
 * @since 0.1.0
 */
public class SmbProperties {

	/**
	 * TCP port of the servers.
	 */
	private int port = 445;

	/**
	 * User to log on as: for NTLM, or the principal of a Kerberos key table. By default
	 * none.
	 */
	private @Nullable String username;

	/**
	 * Password of the user, for NTLM. By default none.
	 */
	private @Nullable String password;

	/**
	 * Domain of the user. By default the server's own accounts.
	 */
	private @Nullable String domain;

	/**
	 * How the client proves its identity.
	 */
	private Authentication authentication = Authentication.NTLM;

	/**
	 * Key table for Kerberos. By default the user's ticket cache.
	 */
	private @Nullable Path keytab;

	/**
	 * Whether connections are encrypted. They are signed in any case.
	 */
	private Encryption encryption = Encryption.AS_OFFERED;

	/**
	 * Oldest version of SMB that is spoken.
	 */
	private Dialect minimumDialect = Dialect.SMB_2_1;

	public int getPort() {
		return this.port;
	}

	public void setPort(int port) {
		this.port = port;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public @Nullable String getDomain() {
		return this.domain;
	}

	public void setDomain(@Nullable String domain) {
		this.domain = domain;
	}

	public Authentication getAuthentication() {
		return this.authentication;
	}

	public void setAuthentication(Authentication authentication) {
		this.authentication = authentication;
	}

	public @Nullable Path getKeytab() {
		return this.keytab;
	}

	public void setKeytab(@Nullable Path keytab) {
		this.keytab = keytab;
	}

	public Encryption getEncryption() {
		return this.encryption;
	}

	public void setEncryption(Encryption encryption) {
		this.encryption = encryption;
	}

	public Dialect getMinimumDialect() {
		return this.minimumDialect;
	}

	public void setMinimumDialect(Dialect minimumDialect) {
		this.minimumDialect = minimumDialect;
	}

}
