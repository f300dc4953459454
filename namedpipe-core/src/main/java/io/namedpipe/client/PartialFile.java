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

package io.namedpipe.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What has arrived of a download: a file beside the target whose name says of which
 * request, and of which state of the file on the server, it is. So no other state has to
 * be kept, and a process that is killed at any moment leaves either a file that can be
 * completed, or one that is never used. Each attempt has a name of its own, so that two
 * attempts never write to the same file. It has the id of the process in it, which tells
 * what a running download writes from what an earlier one has left.
 *
 * @param path where it is
 * @param process the id of the process that writes or has written it
 * @param tag the entity tag of the file on the server; empty if it cannot be resumed
 * @param total the length of the file, -1 if it is not known
 */
record PartialFile(Path path, long process, String tag, long total) implements AutoCloseable {

	private static final int MAX_STATE_LENGTH = 160;

	private static final Pattern NAME = Pattern
		.compile("\\.pipe-[0-9a-f-]{36}-([0-9a-f-]{36})-([A-Za-z0-9_-]+)\\.part");

	private static final long THIS_PROCESS = ProcessHandle.current().pid();

	/** The names of the files that downloads of this process write. */
	private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

	/**
	 * Create an empty file, which is not deleted by other downloads until it is closed.
	 * @param target what it shall become
	 * @param request what is requested, as a text that no other request has
	 * @param tag the entity tag; empty if there is none that says that the bytes are the
	 * same
	 * @param total the length of the file, -1 if it is not known
	 * @return the file
	 * @throws IOException if it cannot be created
	 */
	static PartialFile create(Path target, String request, String tag, long total) throws IOException {
		String state = encode(total + ":" + tag);
		boolean resumable = !tag.isEmpty() && total > 0 && state.length() <= MAX_STATE_LENGTH;
		UUID attempt = new UUID(THIS_PROCESS, UUID.randomUUID().getLeastSignificantBits());
		Path path = target
			.resolveSibling(prefix(target, request) + attempt + "-" + (resumable ? state : encode("-1:")) + ".part");
		PartialFile file = new PartialFile(path, THIS_PROCESS, resumable ? tag : "", total);
		WRITTEN.add(path.getFileName());
		try {
			Files.createFile(path);
			return file;
		}
		catch (IOException ex) {
			file.close();
			throw ex;
		}
	}

	/**
	 * Find what an earlier attempt has left, and take it.
	 * @param target what it shall become
	 * @param request what is requested
	 * @return the file, {@code null} if there is none that can be resumed
	 * @throws IOException if the folder cannot be read
	 */
	static @Nullable PartialFile find(Path target, String request) throws IOException {
		PartialFile longest = null;
		long length = 0;
		for (PartialFile each : all(target, request)) {
			long size = each.tag.isEmpty() ? 0 : Files.size(each.path);
			if (size > length && size <= each.total) {
				longest = each;
				length = size;
			}
		}
		if (longest == null) {
			return null;
		}
		PartialFile own = create(target, request, longest.tag, longest.total);
		try {
			// In a folder of several users, a file of another one proves nothing.
			boolean trusted = Files.getOwner(longest.path, LinkOption.NOFOLLOW_LINKS)
				.equals(Files.getOwner(own.path, LinkOption.NOFOLLOW_LINKS));
			if (trusted) {
				Files.move(longest.path, own.path, StandardCopyOption.REPLACE_EXISTING);
				return own;
			}
		}
		catch (NoSuchFileException ex) {
			// Another process has taken it.
		}
		own.close();
		return null;
	}

	private static List<PartialFile> all(Path target, String request) throws IOException {
		List<PartialFile> all = new ArrayList<>();
		Path folder = target.toAbsolutePath().getParent();
		if (folder == null) {
			return all;
		}
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix(target, request) + "*.part")) {
			for (Path file : files) {
				Matcher name = NAME.matcher(file.getFileName().toString());
				if (name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
					all.add(parse(file, name.group(1), name.group(2)));
				}
			}
		}
		return all;
	}

	private static PartialFile parse(Path file, String attempt, String encoded) {
		try {
			long process = UUID.fromString(attempt).getMostSignificantBits();
			String state = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
			int colon = state.indexOf(':');
			return new PartialFile(file, process, state.substring(colon + 1),
					Long.parseLong(state.substring(0, colon)));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return new PartialFile(file, 0, "", -1);
		}
	}

	private static String encode(String state) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(state.getBytes(StandardCharsets.UTF_8));
	}

	private static String prefix(Path target, String request) {
		String key = target.getFileName() + "\n" + request;
		return ".pipe-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + "-";
	}

	/**
	 * Where to resume. The last byte of a complete file is fetched again, since there is
	 * no range without a byte.
	 * @return the position of the first byte that is missing
	 * @throws IOException if the file cannot be looked at
	 */
	long position() throws IOException {
		return Math.min(Files.size(this.path), this.total - 1);
	}

	FileChannel open() throws IOException {
		return FileChannel.open(this.path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Put the file in the place of the target, at once, and delete what attempts that
	 * have ended have left.
	 * @param target the target
	 * @param request what was requested
	 * @throws IOException if it cannot be moved
	 */
	void moveTo(Path target, String request) throws IOException {
		try {
			Files.move(this.path, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (AtomicMoveNotSupportedException ex) {
			Files.move(this.path, target, StandardCopyOption.REPLACE_EXISTING);
		}
		for (PartialFile other : all(target, request)) {
			if (!other.isWritten()) {
				other.delete();
			}
		}
	}

	private boolean isWritten() {
		return (this.process == THIS_PROCESS) ? WRITTEN.contains(this.path.getFileName())
				: ProcessHandle.of(this.process).isPresent();
	}

	/**
	 * End the attempt, and delete the file unless it can be resumed.
	 */
	@Override
	public void close() {
		WRITTEN.remove(this.path.getFileName());
		try {
			if (this.tag.isEmpty() || Files.size(this.path) == 0) {
				delete();
			}
		}
		catch (IOException ex) {
			// It is not there, or stays.
		}
	}

	private void delete() {
		try {
			Files.deleteIfExists(this.path);
		}
		catch (IOException ex) {
			// It stays, and nobody uses it.
		}
	}

}
