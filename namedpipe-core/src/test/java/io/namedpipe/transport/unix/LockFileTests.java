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
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.ChildJvm;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the lock file beside a socket.
 */
@NotOnWindows
@Timeout(120)
class LockFileTests {

	@TempDir
	private Path directory;

	private PipeServerChannel bind(PipeAddress address) {
		return new UnixPipeTransport(this.directory).bind(address, PipeServerOptions.defaults());
	}

	private Path socket(PipeAddress address) {
		return this.directory.resolve("CoreFxPipe_" + address.name());
	}

	private Path lockFile(PipeAddress address) {
		return this.directory.resolve("CoreFxPipe_" + address.name() + ".lock");
	}

	@Test
	void linkInPlaceOfTheLockFileIsNotFollowed() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Path target = Files.writeString(this.directory.resolve("target"), "precious");
		Files.createSymbolicLink(lockFile(address), target);
		assertInUse(address, "the lock file '%s' is a symbolic link".formatted(lockFile(address)));
		assertThat(target).hasContent("precious");
	}

	@Test
	void fifoOrDirectoryInPlaceOfTheLockFileIsRefusedAtOnce() throws Exception {
		PipeAddress address = Pipes.uniqueAddress();
		assertThat(new ProcessBuilder("mkfifo", lockFile(address).toString()).start().waitFor()).isZero();
		assertInUse(address, "the lock file '%s' is a FIFO".formatted(lockFile(address)));
		Files.delete(lockFile(address));
		Files.createDirectory(lockFile(address));
		assertInUse(address, "the lock file '%s' is a directory".formatted(lockFile(address)));
	}

	@Test
	void lockFileWithASecondNameIsRefused() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Path other = Files.createFile(this.directory.resolve("other"));
		Files.createLink(lockFile(address), other);
		assertInUse(address, "the lock file '%s' has 2 names".formatted(lockFile(address)));
	}

	@Test
	void lockFileOfAnotherUserIsRefused() throws IOException {
		OtherUsers.assumeRoot();
		PipeAddress address = Pipes.uniqueAddress();
		Files.setAttribute(Files.createFile(lockFile(address)), "unix:uid", OtherUsers.ALICE);
		assertInUse(address, "the lock file '%s' belongs to uid %d".formatted(lockFile(address), OtherUsers.ALICE));
	}

	@Test
	void secondServerOfOneJvmDoesNotCostTheFirstItsLock() throws Exception {
		PipeAddress address = Pipes.uniqueAddress();
		Path alias = Files.createSymbolicLink(this.directory.resolve("alias"), this.directory);
		try (PipeServerChannel server = bind(address)) {
			assertInUse(address, "another server listens on it");
			assertThatExceptionOfType(PipeInUseException.class)
				.isThrownBy(() -> new UnixPipeTransport(alias).bind(address, PipeServerOptions.defaults()));
			// Without the lock, the other process takes a name that nobody answers at.
			Files.move(socket(address), this.directory.resolve("away"));
			try (ChildJvm other = ChildJvm.start(UnixServerProgram.class, Map.of(), this.directory.toString(),
					address.name())) {
				assertThat(other.readLine()).startsWith("PipeInUseException").contains("another server listens on it");
			}
			assertThat(lockFile(address)).exists();
			assertThat(server.isOpen()).isTrue();
		}
		assertThat(lockFile(address)).doesNotExist();
		bind(address).close();
	}

	@Test
	void closeKeepsALockFileThatAnotherServerHasPutInItsPlace() throws Exception {
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerChannel server = bind(address);
		Files.delete(lockFile(address));
		Files.writeString(lockFile(address), "another server's");
		server.close();
		assertThat(lockFile(address)).hasContent("another server's");
	}

	private void assertInUse(PipeAddress address, String reason) {
		assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address))
			.withMessageContaining("The pipe '%s' (%s) is in use", address.name(), socket(address))
			.withMessageContaining(reason);
	}

}
