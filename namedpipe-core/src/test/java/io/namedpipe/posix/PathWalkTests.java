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

package io.namedpipe.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares how names are followed one part after another with how the kernel follows
 * them, in folders of links. As root some of the folders are mounts.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "openat2 is a call of Linux")
class PathWalkTests {

	private static final List<String> PARTS = List.of("a", "b", "c", "file", "link", "l", "..", ".", "", "missing");

	private static final int NAMES = 20_000;

	private final Random random = new Random(17);

	private final List<Path> mounts = new ArrayList<>();

	@TempDir
	Path folder;

	private FileCalls calls;

	private PathWalk walk;

	@BeforeEach
	void begin() throws IOException {
		LinuxFiles files = LinuxFiles.load();
		this.calls = files.begin();
		this.walk = new PathWalk(this.calls);
	}

	@AfterEach
	void end() throws Exception {
		for (Path each : this.mounts) {
			new ProcessBuilder("umount", "-l", each.toString()).inheritIO().start().waitFor();
		}
	}

	@Test
	void leadsWhereTheKernelLeads() throws Exception {
		fill(this.folder, 3);
		int root = hold(this.folder.toString());
		int found = 0;
		for (int i = 0; i < NAMES; i++) {
			String name = name();
			long flags = choose(0, 0, FileCalls.DIRECTORY, FileCalls.NO_FOLLOW);
			boolean beneath = this.random.nextBoolean();
			String path = (beneath || name.startsWith("/")) ? name : this.folder + "/" + name;
			long resolve = beneath ? FileCalls.BENEATH : FileCalls.NO_MAGIC_LINKS;
			this.calls.encode(0, path);
			String expected = what(this.calls.open(beneath ? root : FileCalls.WORKING_DIRECTORY, 0,
					FileCalls.HOLD | flags, 0, resolve));
			assertThat(what(walk(beneath ? root : FileCalls.WORKING_DIRECTORY, path, flags, resolve)))
				.as("%s, flags %x, %s", path, flags, beneath ? "beneath" : "absolute")
				.isEqualTo(expected);
			found += expected.startsWith("-") ? 0 : 1;
		}
		this.calls.close(root);
		assertThat(found).isBetween(NAMES / 10, NAMES * 9 / 10);
	}

	// Folders in folders, and links to parts of names that may or may not exist.
	private void fill(Path directory, int depth) throws Exception {
		if (depth < 3 && this.random.nextBoolean() && Files.getOwner(directory).getName().equals("root")) {
			Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "test", directory.toString()).start();
			if (mount.waitFor() == 0) {
				this.mounts.add(0, directory);
			}
		}
		Files.writeString(directory.resolve("file"), "");
		for (String link : List.of("link", "l")) {
			String target = name();
			Files.createSymbolicLink(directory.resolve(link), Path.of(target.isEmpty() ? "a" : target));
		}
		for (String each : List.of("a", "b", "c")) {
			if (depth > 0) {
				fill(Files.createDirectory(directory.resolve(each)), depth - 1);
			}
		}
	}

	private String name() {
		StringBuilder name = new StringBuilder((this.random.nextInt(8) == 0) ? this.folder + "/" : "");
		int count = 1 + this.random.nextInt(5);
		for (int i = 0; i < count; i++) {
			name.append((i > 0) ? "/" : "").append(PARTS.get(this.random.nextInt(PARTS.size())));
		}
		return name.toString();
	}

	private long choose(long... values) {
		return values[this.random.nextInt(values.length)];
	}

	private int hold(String name) throws IOException {
		this.calls.encode(0, name);
		return this.calls.open(FileCalls.WORKING_DIRECTORY, 0, FileCalls.HOLD, 0, 0);
	}

	private int walk(int directory, String name, long flags, long resolve) {
		ByteBuffer text = ByteBuffer.wrap((name + "\0").getBytes(StandardCharsets.UTF_8));
		return this.walk.hold(directory, text, 0, flags, resolve);
	}

	private String what(int descriptor) throws IOException {
		if (descriptor < 0) {
			return String.valueOf(descriptor);
		}
		Path link = Path.of("/proc/self/fd/" + descriptor);
		String name = Files.readSymbolicLink(link).toString();
		this.calls.close(descriptor);
		return name;
	}

}
