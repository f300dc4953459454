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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of {@link IdMap}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class IdMapTests {

	private static final Path OVERFLOW = Path.of("/proc/sys/kernel/overflowuid");

	@TempDir
	private Path directory;

	@Test
	void overflowIdOfTheKernelIsReadWhole() throws Exception {
		int expected;
		try (BufferedReader reader = Files.newBufferedReader(OVERFLOW)) {
			expected = Integer.parseInt(reader.readLine());
		}
		assertThat(IdMap.overflow(map("0 0 1000"), OVERFLOW)).isEqualTo(expected).isGreaterThan(9);
	}

	@Test
	void mapOfEveryIdHidesNone() throws Exception {
		assertThat(IdMap.overflow(map("         0          0 4294967295\n"), OVERFLOW)).isEqualTo(UnixIds.INVALID);
		assertThat(IdMap.overflow(this.directory.resolve("missing"), OVERFLOW)).isEqualTo(UnixIds.INVALID);
	}

	@Test
	void whatCannotBeReadIsAnError() throws Exception {
		Path map = map("0 0 1000");
		assertThatIOException().isThrownBy(() -> IdMap.overflow(map, this.directory.resolve("missing")));
		assertThatIOException().isThrownBy(() -> IdMap.overflow(this.directory, OVERFLOW));
		for (String number : new String[] { "", "many", "4294967296" }) {
			Path overflow = Files.writeString(this.directory.resolve("overflow"), number);
			assertThatIOException().isThrownBy(() -> IdMap.overflow(map, overflow))
				.withMessageContaining("is not an id");
		}
	}

	@Test
	void usersAndGroupsThatAreNotMappedAreRefused() {
		IdMap map = new IdMap(65534, 65533);
		map.requireMapped(user(1, 1));
		for (UnixUser user : new UnixUser[] { user(65534, 1), user(1, 65533), user(1, 1, 5, 65533),
				user(UnixIds.INVALID, 1), user(1, UnixIds.INVALID) }) {
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> map.requireMapped(user));
		}
	}

	private static UnixUser user(int uid, int gid, int... groups) {
		return new UnixUser(uid, gid, groups, "somebody", new FakeUserDatabase());
	}

	private Path map(String content) throws IOException {
		return Files.writeString(this.directory.resolve("map"), content);
	}

}
