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

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;
import io.namedpipe.transport.smb.SmbPipeConnector.Dialect;
import io.namedpipe.transport.smb.SmbPipeConnector.Encryption;

/**
 * The settings of a {@link SmbPipeConnector}.
 *
 * @param port the TCP port of the servers
 * @param username the user, or the principal of a key table
 * @param password the password
 * @param domain the domain of the user, or empty
 * @param authentication how the client proves its identity
 * @param keytab the key table, or {@code null} for the ticket cache
 * @param encryption whether connections are encrypted
 * @param minimumDialect the oldest version that is spoken
 */
record SmbSettings(int port, @Nullable String username, @Nullable String password, String domain,
		Authentication authentication, @Nullable Path keytab, Encryption encryption, Dialect minimumDialect) {

	void requireComplete(PipeAddress address) {
		boolean ntlm = this.authentication == Authentication.NTLM;
		if (ntlm && (isMissing(this.username) || isMissing(this.password))) {
			throw new PipeAddressException(address.toString(),
					"it is on another machine, and the log-on there needs a user and a password; "
							+ "set 'namedpipe.smb.username' and 'namedpipe.smb.password', or 'namedpipe.smb.authentication' to 'kerberos'");
		}
		if (!ntlm && this.keytab != null && isMissing(this.username)) {
			throw new PipeAddressException(address.toString(),
					"a key table has the keys of several users; set 'namedpipe.smb.username' to the principal");
		}
	}

	private static boolean isMissing(@Nullable String value) {
		return value == null || value.isEmpty();
	}

	// Without the password.
	@Override
	public String toString() {
		return "SmbSettings[port=%d, username=%s, domain=%s, authentication=%s]".formatted(this.port, this.username,
				this.domain, this.authentication);
	}

}
