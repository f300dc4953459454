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

package io.namedpipe.file;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link FileNames}.
 */
class FileNamesTests {

	private final FileNames unix = new FileNames(false, List.of("/srv/files", "/srv/files/more", "/"));

	private final FileNames windows = new FileNames(true, List.of("C:\\Files", "D:\\"));

	static java.util.stream.Stream<String> onWindows() {
		return EscapeNames.onWindows().filter((each) -> !each.matches("(?i)(D:|.:?[\\\\/]).*"));
	}

	@ParameterizedTest
	@MethodSource
	void onWindows(String name) {
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> this.windows.locate(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CON", "aux.c", "file:stream", "file.", "fi*le", "Console", "COM10" })
	void namesOfDevicesAndStreamsAreOrdinaryElsewhere(String name) throws FileSystemException {
		assertThat(this.unix.locate(name)).isEqualTo(new FileNames.Located(0, name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Console.txt", "COM10", "nula", "file.con", "a b", "\u0444\u0430\u0439\u043b", "x..y",
			"..x", "-" })
	void namesThatOnlyLookLikeTheseAreTaken(String name) throws FileSystemException {
		assertThat(this.windows.locate(name)).isEqualTo(new FileNames.Located(0, name));
		assertThat(this.unix.locate("a/" + name)).isEqualTo(new FileNames.Located(0, "a/" + name));
	}

	@Test
	void absoluteNamesBelongToTheirInnermostFolder() throws FileSystemException {
		assertThat(this.unix.locate("/srv/files/a/b")).isEqualTo(new FileNames.Located(0, "a/b"));
		assertThat(this.unix.locate("/srv/files")).isEqualTo(new FileNames.Located(0, ""));
		assertThat(this.unix.locate("/srv/files/more/b")).isEqualTo(new FileNames.Located(1, "b"));
		assertThat(this.unix.locate("/srv/filesx")).isEqualTo(new FileNames.Located(2, "srv/filesx"));
		assertThat(this.windows.locate("c:\\files\\a\\b")).isEqualTo(new FileNames.Located(0, "a/b"));
		assertThat(this.windows.locate("d:/x")).isEqualTo(new FileNames.Located(1, "x"));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> this.windows.locate("E:\\x"));
		assertThatExceptionOfType(AccessDeniedException.class)
			.isThrownBy(() -> new FileNames(false, List.of("/srv/files")).locate("/srv/filesx"));
	}

	@Test
	void folderItselfHasTwoNames() throws FileSystemException {
		assertThat(this.unix.locate("")).isEqualTo(this.unix.locate(".")).isEqualTo(new FileNames.Located(0, ""));
	}

}
