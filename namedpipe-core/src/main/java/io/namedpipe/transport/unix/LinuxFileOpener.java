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
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

import io.namedpipe.posix.Jna;
import io.namedpipe.posix.JnaUnavailableException;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.FileOpener;

/**
 * Opens a file and looks at what it has opened: whatever a client renames meanwhile,
 * nothing else is read. The links below {@code /proc} that are no names are not followed.
 */
final class LinuxFileOpener extends FileOpener {

	private static final char UNKNOWN = '\ufffd';

	private final LinuxFiles files;

	// One thread, started now: later it might inherit the identity of a client.
	private final Cleaner cleaner = Cleaner.create();

	private LinuxFileOpener(LinuxFiles files) {
		this.files = files;
	}

	// The one opener of this process.
	static FileOpener instance() {
		return Holder.INSTANCE;
	}

	// Without JNA, or without a kernel that has the calls, the opener is the JDK's.
	private static FileOpener load() {
		if (!UnixProcess.isLinux() || !Jna.isPresent()) {
			return portable();
		}
		try {
			LinuxFiles files = LinuxFiles.load();
			verify(files);
			return new LinuxFileOpener(files);
		}
		catch (IOException | JnaUnavailableException | UnsupportedOperationException ex) {
			System.getLogger(LinuxFileOpener.class.getName())
				.log(Level.INFO, "Files are opened by the JDK alone, since openat2 does not work here: {0}",
						String.valueOf(ex.getMessage()));
			return portable();
		}
	}

	private static void verify(LinuxFiles files) throws IOException {
		int descriptor = files.open(new byte[] { '/', 0 });
		try {
			if (!files.status(descriptor).isDirectory() || files.isBelowProc(descriptor)) {
				throw new FileSystemException("/", null, "looks like no directory");
			}
		}
		finally {
			files.close(descriptor);
		}
	}

	@Override
	public InputStream open(Path name) throws IOException {
		if (name.getFileSystem() != FileSystems.getDefault() || name.toString().indexOf(UNKNOWN) >= 0) {
			// The JDK alone knows the bytes of a name that is not text.
			return portable().open(name);
		}
		byte[] path = LinuxFiles.encode(name.toAbsolutePath().toString());
		// Opening a device can act.
		requireRegular(name, this.files.status(path));
		int descriptor = this.files.open(path);
		try {
			LinuxFiles.Status status = this.files.status(descriptor);
			requireRegular(name, status);
			if (!status.isOnDevice() && this.files.isBelowProc(descriptor)) {
				throw new AccessDeniedException(name.toString());
			}
			return new DescriptorInputStream(this.files, descriptor, status.size(), this.cleaner);
		}
		catch (IOException | RuntimeException | Error ex) {
			this.files.close(descriptor);
			throw ex;
		}
	}

	private static void requireRegular(Path name, LinuxFiles.Status status) throws FileSystemException {
		if (!status.isRegularFile()) {
			throw notRegular(name, status.isDirectory());
		}
	}

	/**
	 * Loads the opener when it is first asked for.
	 */
	private static final class Holder {

		static final FileOpener INSTANCE = load();

		private Holder() {
		}

	}

}
