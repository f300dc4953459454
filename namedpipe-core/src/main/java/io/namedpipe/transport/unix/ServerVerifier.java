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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeNotVerifiedException;

/**
 * Verifies that a server runs as a user that the client expects. Any user can take a name
 * in a directory that all can write.
 */
final class ServerVerifier {

	private final PipeAddress address;

	private final int self;

	private final Map<String, Integer> owners = new LinkedHashMap<>();

	ServerVerifier(PipeAddress address, ExpectedServer expected, int self) {
		this.address = address;
		this.self = self;
		for (String owner : expected.owners()) {
			this.owners.put(owner, switch (owner) {
				case ExpectedServer.CURRENT_USER -> self;
				case ExpectedServer.SYSTEM -> UnixIds.ROOT;
				default -> UnixAccess.user(owner);
			});
		}
	}

	void verify(UnixUser server) {
		if (!this.owners.containsValue(server.uid())) {
			throw new PipeNotVerifiedException(
					"The server on the pipe '%s' runs as %s, but is expected to run as %s; nothing was sent to it. "
						.formatted(this.address, server, describeOwners())
							+ "If that server is the right one, name its user as the expected server");
		}
	}

	/**
	 * Verify that no other user has led the client to one of the expected user's servers,
	 * by a link of that name.
	 * @param path the path of the socket
	 * @param file what was at the path before the client connected
	 */
	void verify(Path path, FileStatus file) {
		if (!this.owners.containsValue(file.uid()) && !file.isOwnedByAny(UnixIds.ROOT, this.self)) {
			throw new PipeNotVerifiedException(
					("The pipe '%s' leads to a server of an expected user by %s that is not of such a user (%s); "
							+ "nothing was sent to it. Use a directory that other users cannot write")
						.formatted(this.address, file.description(), path));
		}
	}

	private String describeOwners() {
		return this.owners.entrySet()
			.stream()
			.map((owner) -> "%s (uid %s)".formatted(owner.getKey(), UnixIds.format(owner.getValue())))
			.collect(Collectors.joining(" or "));
	}

}
