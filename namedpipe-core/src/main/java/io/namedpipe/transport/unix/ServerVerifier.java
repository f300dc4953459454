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

import java.util.ArrayList;
import java.util.List;

import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeNotVerifiedException;

/**
 * Verifies that a server runs as a user that the client expects. Any user can take a name
 * in a directory that all can write.
 */
final class ServerVerifier {

	private ServerVerifier() {
	}

	// Verify a server before anything is sent to it.
	static void verify(PipeAddress address, ExpectedServer expected, UnixUser server, int self) {
		List<String> owners = new ArrayList<>();
		for (String owner : expected.owners()) {
			int uid = switch (owner) {
				case ExpectedServer.CURRENT_USER -> self;
				case ExpectedServer.SYSTEM -> UnixIds.ROOT;
				default -> UnixAccess.user(owner);
			};
			if (server.uid() == uid) {
				return;
			}
			owners.add("%s (uid %s)".formatted(owner, UnixIds.format(uid)));
		}
		throw new PipeNotVerifiedException(
				"The server on the pipe '%s' runs as %s, but is expected to run as %s; nothing was sent to it. "
					.formatted(address, server, String.join(" or ", owners))
						+ "If that server is the right one, name its user as the expected server");
	}

}
