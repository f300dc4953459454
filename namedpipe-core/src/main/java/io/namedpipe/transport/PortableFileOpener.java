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

package io.namedpipe.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A {@link FileOpener} that needs nothing but the JDK. It resolves links first, since a
 * link below {@code /proc} leads past directories that the client may not enter.
 */
final class PortableFileOpener extends FileOpener {

	static final PortableFileOpener INSTANCE = new PortableFileOpener();

	private static final LinkOption[] LINKS = OperatingSystem.isWindows() ? new LinkOption[0]
			: new LinkOption[] { LinkOption.NOFOLLOW_LINKS };

	private static final Path PROCESSES = Path.of("/proc");

	private PortableFileOpener() {
	}

	@Override
	public InputStream open(Path name) throws IOException {
		Path file = OperatingSystem.isWindows() ? name : name.toRealPath();
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		if (!attributes.isRegularFile()) {
			throw notRegular(name, attributes.isDirectory());
		}
		if (!OperatingSystem.isWindows() && file.startsWith(PROCESSES)) {
			throw new AccessDeniedException(name.toString());
		}
		return Files.newInputStream(file, LINKS);
	}

}
