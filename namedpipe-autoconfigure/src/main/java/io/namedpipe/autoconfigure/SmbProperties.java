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
import org.springframework.boot.context.properties.bind.DefaultValue;

import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;
import io.namedpipe.transport.smb.SmbPipeConnector.Dialect;
import io.namedpipe.transport.smb.SmbPipeConnector.Encryption;

/**
 * Settings of clients of pipes on other machines, which are reached over SMB on Linux and
 * macOS.
 *
 * @param port TCP port of the servers.
 * @param username User to log on as: for NTLM, or the principal of a Kerberos key table.
 * By default none.
 * @param password Password of the user, for NTLM. By default none.
 * @param domain Domain of the user. By default the server's own accounts.
 * @param authentication How the client proves its identity.
 * @param keytab Key table for Kerberos. By default the user's ticket cache.
 * @param encryption Whether connections are encrypted. They are signed in any case.
 * @param minimumDialect Oldest version of SMB that is spoken.
 * @since 0.1.0
 */
public record SmbProperties(@DefaultValue("445") int port, @Nullable String username, @Nullable String password,
		@Nullable String domain, @DefaultValue("ntlm") Authentication authentication, @Nullable Path keytab,
		@DefaultValue("as-offered") Encryption encryption, @DefaultValue("smb-2-1") Dialect minimumDialect) {

	// Not the password.
	@Override
	public String toString() {
		return "SmbProperties";
	}

}
