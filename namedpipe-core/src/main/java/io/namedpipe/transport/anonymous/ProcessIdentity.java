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

package io.namedpipe.transport.anonymous;

import java.util.List;
import java.util.stream.LongStream;

import com.sun.security.auth.module.NTSystem;
import com.sun.security.auth.module.UnixSystem;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PeerIdentity.Kind;

/**
 * The identity of a parent or a child: this process' own user, since an anonymous pipe
 * tells nothing else.
 */
final class ProcessIdentity {

	private ProcessIdentity() {
	}

	static PeerIdentity of(long processId) {
		return ownUser().process(processId).build();
	}

	private static PeerIdentity.Builder ownUser() {
		try {
			return OperatingSystem.isWindows() ? windowsUser() : unixUser();
		}
		catch (LinkageError ex) {
			// A run-time image without the module jdk.security.auth.
			String name = System.getProperty("user.name", "unknown");
			return PeerIdentity.of(OperatingSystem.isWindows() ? Kind.WINDOWS : Kind.UNIX, name);
		}
	}

	private static PeerIdentity.Builder windowsUser() {
		NTSystem system = new NTSystem();
		return PeerIdentity.of(Kind.WINDOWS, system.getUserSID())
			.name(system.getName())
			.domain(system.getDomain())
			.primaryGroup(system.getPrimaryGroupID())
			.groups(List.of(system.getGroupIDs()));
	}

	private static PeerIdentity.Builder unixUser() {
		UnixSystem system = new UnixSystem();
		return PeerIdentity.of(Kind.UNIX, Long.toString(system.getUid()))
			.name(system.getUsername())
			.primaryGroup(Long.toString(system.getGid()))
			.groups(LongStream.of(system.getGroups()).mapToObj(Long::toString).toList());
	}

}
