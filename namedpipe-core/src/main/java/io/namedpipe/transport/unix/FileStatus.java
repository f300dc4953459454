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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * The status of a file, of a symbolic link itself if it is one.
 *
 * @param key identifies the file as long as it exists
 * @param mode the type and the permissions
 * @param uid the owner
 * @param gid the group
 * @param links the number of names
 */
record FileStatus(Object key, int mode, int uid, int gid, int links) {

	private static final int TYPE = 0170000;

	private static final int STICKY = 01000;

	private static final int GROUP_WRITE = 020;

	private static final int OTHERS_WRITE = 02;

	private static final int WRITE = 0222;

	private static final int SEARCH = 0111;

	private static final int GROUP = 070;

	private static final int OTHERS = 07;

	// The status, or null if there is no such file.
	static @Nullable FileStatus read(Path path) throws IOException {
		return read(path, LinkOption.NOFOLLOW_LINKS);
	}

	// The same of the file that a symbolic link leads to.
	static @Nullable FileStatus readTarget(Path path) throws IOException {
		return read(path, new LinkOption[0]);
	}

	private static @Nullable FileStatus read(Path path, LinkOption... options) throws IOException {
		try {
			Map<String, Object> values = Files.readAttributes(path, "unix:fileKey,mode,uid,gid,nlink", options);
			return new FileStatus(value(values, "fileKey"), (Integer) value(values, "mode"),
					(Integer) value(values, "uid"), (Integer) value(values, "gid"), (Integer) value(values, "nlink"));
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private static Object value(Map<String, Object> values, String name) {
		return Objects.requireNonNull(values.get(name), name);
	}

	// Whether the path still leads to this file.
	boolean isAt(Path path) throws IOException {
		FileStatus other = read(path);
		return other != null && this.key.equals(other.key);
	}

	// Whether all users that could connect through this socket or directory before still
	// can. Root always can.
	boolean permitsAll(FileStatus before) {
		int needed = before.mode & (isSocket() ? WRITE : SEARCH);
		boolean everybody = (needed & OTHERS) != 0;
		boolean owner = everybody || this.uid == before.uid || before.uid == UnixIds.ROOT;
		boolean group = everybody || this.gid == before.gid || (needed & GROUP) == 0;
		return (this.mode & needed) == needed && owner && group;
	}

	boolean isSocket() {
		return type() == Type.SOCKET;
	}

	boolean isRegularFile() {
		return type() == Type.REGULAR;
	}

	boolean isSymbolicLink() {
		return type() == Type.LINK;
	}

	boolean isDirectory() {
		return type() == Type.DIRECTORY;
	}

	boolean isSticky() {
		return (this.mode & STICKY) != 0;
	}

	boolean isGroupWritable() {
		return (this.mode & GROUP_WRITE) != 0;
	}

	boolean isWritableByOthers() {
		return (this.mode & OTHERS_WRITE) != 0;
	}

	boolean isOwnedByAny(int... uids) {
		return IntStream.of(uids).anyMatch((each) -> each == this.uid);
	}

	// For messages: "a FIFO".
	String description() {
		return type().description;
	}

	private Type type() {
		for (Type each : Type.values()) {
			if (each.bits == (this.mode & TYPE)) {
				return each;
			}
		}
		return Type.OTHER;
	}

	private enum Type {

		SOCKET(0140000, "a socket"), LINK(0120000, "a symbolic link"), REGULAR(0100000, "a regular file"),
		DIRECTORY(0040000, "a directory"), FIFO(0010000, "a FIFO"), OTHER(0, "a device");

		private final int bits;

		private final String description;

		Type(int bits, String description) {
			this.bits = bits;
			this.description = description;
		}

	}

}
