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

package io.namedpipe.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Settings of Unix-domain sockets.
 *
 * @since 0.1.0
 */
public class UnixProperties {

	/**
	 * Directory of the sockets of named pipes. By default the one that .NET uses.
	 */
	private @Nullable Path directory;

	/**
	 * Whether handlers may return files of FUSE file systems, on Linux.
	 */
	private boolean allowFuse;

	/**
	 * Whether files may be opened for other users on a Linux kernel without openat2,
	 * where a client can swap a file between the check and the opening.
	 */
	private boolean allowPortableFileOpener;

	/**
	 * Whether code may act as other users on Java 21 and later where the kernel cannot
	 * keep a thread from starting threads (no seccomp filters). A thread that gets a
	 * user's identity in this way is noticed only afterwards.
	 */
	private boolean allowUnfilteredThreads;

	public @Nullable Path getDirectory() {
		return this.directory;
	}

	public void setDirectory(@Nullable Path directory) {
		this.directory = directory;
	}

	public boolean isAllowFuse() {
		return this.allowFuse;
	}

	public void setAllowFuse(boolean allowFuse) {
		this.allowFuse = allowFuse;
	}

	public boolean isAllowPortableFileOpener() {
		return this.allowPortableFileOpener;
	}

	public void setAllowPortableFileOpener(boolean allowPortableFileOpener) {
		this.allowPortableFileOpener = allowPortableFileOpener;
	}

	public boolean isAllowUnfilteredThreads() {
		return this.allowUnfilteredThreads;
	}

	public void setAllowUnfilteredThreads(boolean allowUnfilteredThreads) {
		this.allowUnfilteredThreads = allowUnfilteredThreads;
	}

}
