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
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.FileInfo.Type;

/**
 * A {@link FileRoot} that needs nothing but the JDK, whose calls run with the client's
 * rights. It resolves a name, checks that the result is below the folder, and opens it
 * afterwards: a client that may rename folders there can make the name lead out of the
 * folder in between, within the client's rights.
 */
final class PortableFileRoot implements FileRoot {

	private final Path root;

	PortableFileRoot(Path root) {
		this.root = root.toAbsolutePath();
	}

	private Path resolve(String name) throws IOException {
		Path real = this.root.resolve(name).toRealPath();
		if (!real.startsWith(this.root.toRealPath())) {
			throw new AccessDeniedException(name, null, "leads out of its folder");
		}
		return real;
	}

	@Override
	public OpenedFile open(String name, ClientRights rights) throws IOException {
		return PortableFileOpener.call(rights, () -> PortableFileOpener.open(resolve(name), Path.of(name)));
	}

	@Override
	public FileInfo stat(String name, ClientRights rights) throws IOException {
		return PortableFileOpener.call(rights, () -> info(name.substring(name.lastIndexOf('/') + 1), resolve(name)));
	}

	private static FileInfo info(String name, Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
				LinkOption.NOFOLLOW_LINKS);
		Type type = attributes.isRegularFile() ? Type.FILE
				: attributes.isDirectory() ? Type.FOLDER : attributes.isSymbolicLink() ? Type.LINK : Type.OTHER;
		return new FileInfo(name, type, attributes.size(), attributes.lastModifiedTime().toInstant());
	}

	@Override
	public List<FileInfo> list(String name, int limit, ClientRights rights) throws IOException {
		return PortableFileOpener.call(rights, () -> {
			List<FileInfo> all = new ArrayList<>();
			Path folder = resolve(name);
			if (!Files.isDirectory(folder)) {
				// The JDK would wait for the other end of a FIFO.
				throw new NotDirectoryException(name);
			}
			try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
				for (Path each : entries) {
					if (all.size() == limit) {
						throw new FileSystemException(name, null, "has more than %d entries".formatted(limit));
					}
					all.add(info(each.getFileName().toString(), each));
				}
			}
			return all;
		});
	}

	@Override
	public NewFile create(String name, ClientRights rights) throws IOException {
		int slash = name.lastIndexOf('/');
		String last = name.substring(slash + 1);
		return PortableFileOpener.call(rights, () -> {
			Path target = resolve(name.substring(0, Math.max(0, slash))).resolve(last);
			if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
				if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
					throw FileOpener.notRegular(name, Files.isDirectory(target));
				}
				if (!Files.isWritable(target)) {
					throw new AccessDeniedException(name);
				}
			}
			Path temporary = target.resolveSibling(".%s.part".formatted(UUID.randomUUID()));
			return new JdkNewFile(target, temporary,
					Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights);
		});
	}

	private static final class JdkNewFile extends NewFile {

		private final Path target;

		private final Path temporary;

		private final OutputStream stream;

		private final ClientRights rights;

		private boolean complete;

		private boolean closed;

		JdkNewFile(Path target, Path temporary, OutputStream stream, ClientRights rights) {
			this.target = target;
			this.temporary = temporary;
			this.stream = stream;
			this.rights = rights;
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.stream.write(bytes, offset, length);
		}

		@Override
		public void complete() throws IOException {
			this.stream.close();
			run(() -> Files.move(this.temporary, this.target, StandardCopyOption.REPLACE_EXISTING,
					StandardCopyOption.ATOMIC_MOVE));
			this.complete = true;
		}

		private void run(PortableFileOpener.FileCall<@Nullable Object> calls) throws IOException {
			PortableFileOpener.call(this.rights, calls);
		}

		@Override
		public void close() throws IOException {
			this.stream.close();
			if (!this.closed && !this.complete) {
				this.closed = true;
				run(() -> Files.deleteIfExists(this.temporary));
			}
		}

	}

}
