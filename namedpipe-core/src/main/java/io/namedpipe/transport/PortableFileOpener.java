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
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A {@link FileOpener} that needs nothing but the JDK. It resolves links first, since a
 * link below {@code /proc} leads past directories that the client may not enter. The
 * JDK's calls run with the client's rights.
 */
final class PortableFileOpener extends FileOpener {

	static final PortableFileOpener INSTANCE = new PortableFileOpener();

	private static final Path PROCESSES = Path.of("/proc");

	private PortableFileOpener() {
	}

	@Override
	public OpenedFile open(Path name, ClientRights rights) throws IOException {
		Opening opening = new Opening(name);
		rights.run(opening);
		return opening.result();
	}

	/**
	 * What runs with the client's rights.
	 */
	private static final class Opening implements Runnable {

		private final Path name;

		private @Nullable OpenedFile file;

		private @Nullable Exception failure;

		Opening(Path name) {
			this.name = name;
		}

		@Override
		public void run() {
			try {
				this.file = open();
			}
			catch (IOException | RuntimeException ex) {
				this.failure = ex;
			}
		}

		private OpenedFile open() throws IOException {
			boolean links = !OperatingSystem.isWindows() && this.name.getFileSystem() == FileSystems.getDefault();
			Path file = links ? this.name.toRealPath() : this.name;
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			if (!attributes.isRegularFile()) {
				throw notRegular(this.name, attributes.isDirectory());
			}
			if (links && file.startsWith(PROCESSES)) {
				throw new AccessDeniedException(this.name.toString());
			}
			Set<OpenOption> options = links ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
					: Set.of(StandardOpenOption.READ);
			return new ChannelFile(Files.newByteChannel(file, options), attributes);
		}

		OpenedFile result() throws IOException {
			if (this.failure instanceof IOException ex) {
				throw ex;
			}
			if (this.failure instanceof RuntimeException ex) {
				throw ex;
			}
			if (this.file == null) {
				throw new IllegalStateException("The file was not opened");
			}
			return this.file;
		}

	}

	/**
	 * A file of the JDK.
	 */
	private static final class ChannelFile extends OpenedFile {

		private final SeekableByteChannel channel;

		private final InputStream stream;

		private final BasicFileAttributes attributes;

		ChannelFile(SeekableByteChannel channel, BasicFileAttributes attributes) {
			this.channel = channel;
			this.stream = Channels.newInputStream(channel);
			this.attributes = attributes;
		}

		@Override
		public long size() {
			return this.attributes.size();
		}

		@Override
		public Instant lastModified() {
			return this.attributes.lastModifiedTime().toInstant();
		}

		@Override
		public int read() throws IOException {
			return this.stream.read();
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			return this.stream.read(buffer, offset, length);
		}

		@Override
		public long skip(long count) throws IOException {
			long position = this.channel.position();
			long skipped = Math.max(0, Math.min(count, this.channel.size() - position));
			this.channel.position(position + skipped);
			return skipped;
		}

		@Override
		public void close() throws IOException {
			this.stream.close();
		}

	}

}
