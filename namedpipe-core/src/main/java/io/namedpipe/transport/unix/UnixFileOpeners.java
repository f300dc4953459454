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
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.posix.Jna;
import io.namedpipe.posix.JnaUnavailableException;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.NewFile;
import io.namedpipe.transport.OpenedFile;

/**
 * Chooses the opener of files that clients name.
 */
final class UnixFileOpeners {

	private static final System.Logger logger = System.getLogger(UnixFileOpeners.class.getName());

	private UnixFileOpeners() {
	}

	/**
	 * The best opener of this machine.
	 * @param fuseAllowed whether files of FUSE file systems are opened
	 * @param portableAllowed whether the JDK's opener may be used for other users where
	 * the kernel does not have the calls of the better one
	 * @return the opener
	 */
	static FileOpener create(boolean fuseAllowed, boolean portableAllowed) {
		// Without JNA no thread can act as another user.
		if (!OperatingSystem.isLinux() || !Jna.isPresent()) {
			return FileOpener.portable();
		}
		try {
			LinuxFileOpener opener = new LinuxFileOpener(LinuxFiles.load(), fuseAllowed);
			opener.verify();
			return opener;
		}
		catch (IOException | JnaUnavailableException | UnsupportedOperationException ex) {
			return fallback(String.valueOf(ex.getMessage()), portableAllowed);
		}
	}

	static FileOpener fallback(String reason, boolean portableAllowed) {
		if (portableAllowed) {
			logger.log(Level.WARNING,
					"Files are opened by the JDK, and a client can have another file opened by replacing it meanwhile, "
							+ "since openat2 does not work here: {0}",
					reason);
			return FileOpener.portable();
		}
		logger.log(Level.WARNING, "No files are opened as other users, since openat2 does not work here: {0}", reason);
		return new OwnUserFileOpener();
	}

	/**
	 * Opens files for the user of this process only.
	 */
	private static final class OwnUserFileOpener extends FileOpener {

		@Override
		public OpenedFile open(Path name, ClientRights rights) throws IOException {
			requireOwnUser(name.toString(), rights);
			return portable().open(name);
		}

		@Override
		public FileRoot root(Path folder) {
			return new OwnUserFileRoot(portable().root(folder));
		}

		static void requireOwnUser(String name, ClientRights rights) throws AccessDeniedException {
			AtomicBoolean switched = new AtomicBoolean();
			rights.run(() -> switched.set(LinuxCredentials.isSwitched()));
			if (switched.get()) {
				throw new AccessDeniedException(name, null,
						"cannot be opened safely for another user without openat2 (Linux 5.6); "
								+ "set 'namedpipe.unix.allow-portable-file-opener' to open it nevertheless");
			}
		}

	}

	private record OwnUserFileRoot(FileRoot portable) implements FileRoot {

		@Override
		public OpenedFile open(String name, ClientRights rights) throws IOException {
			OwnUserFileOpener.requireOwnUser(name, rights);
			return this.portable.open(name, ClientRights.ofThread());
		}

		@Override
		public FileInfo stat(String name, ClientRights rights) throws IOException {
			OwnUserFileOpener.requireOwnUser(name, rights);
			return this.portable.stat(name, ClientRights.ofThread());
		}

		@Override
		public List<FileInfo> list(String name, int limit, ClientRights rights) throws IOException {
			OwnUserFileOpener.requireOwnUser(name, rights);
			return this.portable.list(name, limit, ClientRights.ofThread());
		}

		@Override
		public NewFile create(String name, ClientRights rights) throws IOException {
			OwnUserFileOpener.requireOwnUser(name, rights);
			return this.portable.create(name, ClientRights.ofThread());
		}

	}

}
