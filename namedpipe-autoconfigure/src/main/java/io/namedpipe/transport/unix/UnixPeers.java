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
import java.nio.channels.SocketChannel;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

import io.namedpipe.transport.PeerIdentity;

/**
 * Asks the kernel who is at the other end of a socket ({@code SO_PEERCRED}).
 */
final class UnixPeers {

	private UnixPeers() {
	}

	static PeerIdentity identify(SocketChannel channel) throws IOException {
		UnixDomainPrincipal principal = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, principal.user().getName())
			.name(principal.user().getName())
			.primaryGroup(principal.group().getName())
			.build();
	}

}
