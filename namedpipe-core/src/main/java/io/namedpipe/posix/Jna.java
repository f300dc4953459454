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

import org.jspecify.annotations.Nullable;

/**
 * Whether JNA is on the class path and its native library loads. The result of the first
 * attempt is kept: the JVM reports the reason once, and from then on only that the class
 * could not be initialized.
 *
 * @since 0.1.0
 */
public final class Jna {

	private static final String NATIVE = "com.sun.jna.Native";

	private static volatile boolean loaded;

	private Jna() {
	}

	/**
	 * Whether JNA is on the class path. Does not load its native library.
	 * @return {@code true} if its classes can be found
	 */
	public static boolean isPresent() {
		try {
			Class.forName(NATIVE, false, Jna.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Whether native functions can be called. Loads JNA's native library.
	 * @return {@code true} if {@link #require()} would return
	 */
	public static boolean isUsable() {
		return isPresent() && Loaded.FAILURE == null;
	}

	// Whether native functions can be called without loading anything now.
	static boolean isLoaded() {
		return loaded;
	}

	/**
	 * Load JNA's native library, unless that has been done.
	 * @throws JnaUnavailableException if JNA is missing or does not load, with the first
	 * cause and what to do
	 */
	public static void require() {
		if (!isPresent()) {
			throw new JnaUnavailableException("JNA is missing: add net.java.dev.jna:jna-platform to the class path",
					null);
		}
		Throwable failure = Loaded.FAILURE;
		if (failure != null) {
			throw new JnaUnavailableException(
					("JNA's native library does not load (%s): set the system property 'jna.tmpdir' to a directory "
							+ "that is not mounted 'noexec' and that the process may write")
						.formatted(rootMessage(failure)),
					failure);
		}
	}

	// The JVM wraps the first cause in errors that only say that a class is unusable.
	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String message = root.getMessage();
		return (message != null) ? message.strip().lines().findFirst().orElse("") : root.toString();
	}

	/**
	 * The one attempt to load.
	 */
	private static final class Loaded {

		static final @Nullable Throwable FAILURE = attempt();

		private Loaded() {
		}

		private static @Nullable Throwable attempt() {
			try {
				Class.forName(NATIVE, true, Jna.class.getClassLoader());
				loaded = true;
				return null;
			}
			catch (ClassNotFoundException | RuntimeException | Error ex) {
				// JNA throws a plain Error where it meets a library of another version.
				// Its class is as unusable after an error of the machine.
				return ex;
			}
		}

	}

}
