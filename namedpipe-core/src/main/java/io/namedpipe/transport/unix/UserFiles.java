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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The local users of {@code /etc/passwd} and {@code /etc/group}, read without anything
 * native. A file that does not exist has no entries.
 */
final class UserFiles implements UserDatabase {

	private static final int PASSWD_FIELDS = 4;

	private static final int GROUP_FIELDS = 4;

	private final Path passwd;

	private final Path group;

	UserFiles() {
		this(Path.of("/etc/passwd"), Path.of("/etc/group"));
	}

	UserFiles(Path passwd, Path group) {
		this.passwd = passwd;
		this.group = group;
	}

	@Override
	public @Nullable String name(int uid) throws IOException {
		String[] entry = entry(uid);
		return (entry != null) ? entry[0] : null;
	}

	@Override
	public int[] groups(int uid) throws IOException {
		String[] entry = entry(uid);
		if (entry == null) {
			return new int[0];
		}
		Set<Integer> gids = new TreeSet<>(groupsOf(entry[0]));
		if (UnixIds.isNumber(entry[3])) {
			gids.add(UnixIds.parse(entry[3]));
		}
		return gids.stream().mapToInt(Integer::intValue).toArray();
	}

	// The groups that have a user of this name as a member.
	Set<Integer> groupsOf(String name) throws IOException {
		Set<Integer> gids = new TreeSet<>();
		for (String[] fields : read(this.group, GROUP_FIELDS)) {
			if (UnixIds.isNumber(fields[2]) && List.of(fields[3].split(",")).contains(name)) {
				gids.add(UnixIds.parse(fields[2]));
			}
		}
		return gids;
	}

	private String @Nullable [] entry(int uid) throws IOException {
		for (String[] fields : read(this.passwd, PASSWD_FIELDS)) {
			if (fields[2].equals(UnixIds.format(uid))) {
				return fields;
			}
		}
		return null;
	}

	private static List<String[]> read(Path file, int fields) throws IOException {
		try {
			// A name may be in any encoding; this one can be read always, and compared.
			return Files.readAllLines(file, StandardCharsets.ISO_8859_1)
				.stream()
				.map((line) -> line.split(":", -1))
				.filter((line) -> line.length >= fields)
				.toList();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

}
