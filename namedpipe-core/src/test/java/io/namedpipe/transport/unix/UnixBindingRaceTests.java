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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the files at the path of a socket while a server starts.
 */
@NotOnWindows
@Timeout(180)
class UnixBindingRaceTests {

	private static final int ROUNDS = 200;

	private static final String ABSENT = "absent";

	@TempDir
	private Path directory;

	@Test
	void socketHasItsPermissionsFromTheFirstMoment() throws Exception {
		assertThat(watch(false)).containsExactlyInAnyOrder(ABSENT, "rw-rw-rw-");
	}

	@Test
	void deadSocketIsReplacedInOneStep() throws Exception {
		assertThat(watch(true)).containsExactlyInAnyOrder("rwxr-xr-x", "rw-rw-rw-");
	}

	// Everything that was at the path between the start and the end of a bind.
	private Set<String> watch(boolean dead) throws Exception {
		Set<String> seen = new TreeSet<>();
		for (int round = 0; round < ROUNDS; round++) {
			PipeAddress address = Pipes.uniqueAddress();
			Path socket = this.directory.resolve("CoreFxPipe_" + address.name());
			if (dead) {
				DeadSocket.leave(socket);
				Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxr-xr-x"));
			}
			CountDownLatch started = new CountDownLatch(1);
			AtomicBoolean over = new AtomicBoolean();
			CompletableFuture<Void> watcher = Background.run(() -> {
				do {
					seen.add(permissions(socket));
					started.countDown();
				}
				while (!over.get());
				seen.add(permissions(socket));
				return null;
			});
			started.await();
			try (PipeServerChannel server = new UnixPipeTransport(this.directory).bind(address,
					PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
				over.set(true);
				Background.get(watcher);
				assertThat(server.isReachable()).isTrue();
			}
		}
		return seen;
	}

	private static String permissions(Path path) throws IOException {
		try {
			return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
		}
		catch (NoSuchFileException ex) {
			return ABSENT;
		}
	}

}
