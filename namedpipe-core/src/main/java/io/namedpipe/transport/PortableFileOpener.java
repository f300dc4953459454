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
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
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
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;

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
		return call(rights, () -> open(name, name));
	}

	@Override
	public FileRoot root(Path folder) {
		return new PortableFileRoot(folder);
	}

	/**
	 * Open what a name leads to.
	 * @param file the file
	 * @param name the name, for messages
	 * @return the file
	 * @throws IOException if it cannot be opened
	 */
	static OpenedFile open(Path file, Path name) throws IOException {
		boolean links = !OperatingSystem.isWindows() && file.getFileSystem() == FileSystems.getDefault();
		Path real = links ? file.toRealPath() : file;
		BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
		if (!attributes.isRegularFile()) {
			throw notRegular(name.toString(), attributes.isDirectory());
		}
		if (links && real.startsWith(PROCESSES)) {
			throw new AccessDeniedException(name.toString());
		}
		Set<OpenOption> options = links ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
				: Set.of(StandardOpenOption.READ);
		return new ChannelFile(Files.newByteChannel(real, options), attributes);
	}

	/**
	 * Call the JDK with the rights of a client.
	 * @param <T> the type of the result
	 * @param rights the rights
	 * @param body the calls
	 * @return the result
	 * @throws IOException what the calls throw
	 */
	@SuppressWarnings("NullAway")
	static <T extends @Nullable Object> T call(ClientRights rights, FileCall<T> body) throws IOException {
		AtomicReference<T> result = new AtomicReference<>();
		AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
		rights.run(() -> {
			try {
				result.set(body.call());
			}
			catch (IOException | RuntimeException ex) {
				failure.set(ex);
			}
		});
		if (failure.get() instanceof IOException ex) {
			throw ex;
		}
		if (failure.get() instanceof RuntimeException ex) {
			throw ex;
		}
		return result.get();
	}

	/**
	 * Calls of the JDK.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	interface FileCall<T extends @Nullable Object> {

		T call() throws IOException;

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
		public long sendTo(WritableByteChannel target, long count) throws IOException {
			if (!(this.channel instanceof FileChannel file)) {
				return -1;
			}
			long sent = file.transferTo(file.position(), count, target);
			file.position(file.position() + sent);
			return sent;
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
