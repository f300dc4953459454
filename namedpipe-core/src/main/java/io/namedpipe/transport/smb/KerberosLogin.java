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

import java.util.HashMap;
import java.util.Map;

import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.auth.GSSAuthenticationContext;

import io.namedpipe.transport.PipeAddress;

/**
 * A log-on to Kerberos with the JDK's own means: with the user's ticket cache, or with a
 * key table. The user is not asked for a password.
 */
final class KerberosLogin {

	private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

	private KerberosLogin() {
	}

	static AuthenticationContext login(PipeAddress address, SmbSettings settings) {
		try {
			LoginContext login = new LoginContext("namedpipe", new Subject(), null, new Configuration() {

				@Override
				public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
					return new AppConfigurationEntry[] {
							new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options(settings)) };
				}

			});
			login.login();
			Subject subject = login.getSubject();
			String name = subject.getPrincipals().iterator().next().getName();
			// The credentials are those of the subject.
			return new GSSAuthenticationContext(name, settings.domain(), subject, null);
		}
		catch (LoginException ex) {
			throw SmbFailures.kerberos(address, ex);
		}
	}

	private static Map<String, String> options(SmbSettings settings) {
		Map<String, String> options = new HashMap<>(Map.of("doNotPrompt", "true", "refreshKrb5Config", "true"));
		if (settings.username() != null) {
			options.put("principal", settings.username());
		}
		if (settings.keytab() != null) {
			options.putAll(Map.of("useKeyTab", "true", "keyTab", settings.keytab().toString(), "storeKey", "true",
					"isInitiator", "true"));
		}
		else {
			options.put("useTicketCache", "true");
		}
		return options;
	}

}
