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
 * @param directory Directory of the sockets of named pipes. By default the one that .NET
 * uses.
 * @param allowFuse Whether handlers may return files of FUSE file systems, on Linux.
 * @param allowPortableFileOpener Whether files may be opened for other users on a Linux
 * kernel without openat2, where a client can swap a file between the check and the
 * opening.
 * @param allowUnfilteredThreads Whether code may act as other users on Java 21 and later
 * where the kernel cannot keep a thread from starting threads (no seccomp filters). A
 * thread that gets a user's identity in this way is noticed only afterwards.
 * @since 0.1.0
 */
public record UnixProperties(@Nullable Path directory, boolean allowFuse, boolean allowPortableFileOpener,
		boolean allowUnfilteredThreads) {

}
