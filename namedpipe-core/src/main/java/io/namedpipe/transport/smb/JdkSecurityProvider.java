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

import com.hierynomus.security.AEADBlockCipher;
import com.hierynomus.security.Mac;
import com.hierynomus.security.SecurityException;
import com.hierynomus.security.bc.BCSecurityProvider;
import com.hierynomus.security.jce.JceSecurityProvider;

/**
 * The cryptography of SMB, by the JDK where that is faster than Bouncy Castle: the
 * signatures of SMB 3, and AES-GCM.
 */
final class JdkSecurityProvider extends BCSecurityProvider {

	private final JceSecurityProvider jdk = new JceSecurityProvider();

	@Override
	public Mac getMac(String name) {
		if (!name.equalsIgnoreCase("AesCmac")) {
			return super.getMac(name);
		}
		try {
			return new AesCmac();
		}
		catch (SecurityException ex) {
			return super.getMac(name);
		}
	}

	@Override
	public AEADBlockCipher getAEADBlockCipher(String name) {
		try {
			return (name.contains("GCM")) ? this.jdk.getAEADBlockCipher(name) : super.getAEADBlockCipher(name);
		}
		catch (SecurityException ex) {
			return super.getAEADBlockCipher(name);
		}
	}

}
