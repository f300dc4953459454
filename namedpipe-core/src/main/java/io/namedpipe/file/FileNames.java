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

package io.namedpipe.file;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks the names that clients send, without a look at the files that they lead to. The
 * rules for Windows are those of "Naming Files, Paths, and Namespaces" in the
 * documentation of Win32.
 */
final class FileNames {

	private static final int MAX_LENGTH = 4096;

	private static final Pattern CONTROL = Pattern
		.compile("\\p{Cntrl}|[\\x{80}-\\x{9f}]|\\p{Cs}|[\\u2028\\u2029\\ufffd]");

	private static final Pattern FORBIDDEN_ON_WINDOWS = Pattern.compile("[<>:\"|?*]");

	private static final Pattern DEVICE = Pattern
		.compile("(CON|PRN|AUX|NUL|CLOCK\\$|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])");

	private final boolean windows;

	/** With a slash at the end. */
	private final List<String> roots;

	/**
	 * Create the rules.
	 * @param windows whether the system is Windows
	 * @param roots the absolute names of the folders
	 */
	FileNames(boolean windows, List<String> roots) {
		this.windows = windows;
		this.roots = roots.stream().map(this::slashes).map((root) -> root.endsWith("/") ? root : root + "/").toList();
	}

	/**
	 * Check a name, and find the folder that it is in.
	 * @param name the name that the client has sent: relative to the first folder, or
	 * absolute and in one of them
	 * @return where it is
	 * @throws AccessDeniedException if it is absolute and in none of the folders
	 * @throws FileSystemException if it is not the name of a file
	 */
	Located locate(String name) throws FileSystemException {
		if (name.length() > MAX_LENGTH) {
			throw invalid(name.substring(0, 100) + "...", "is too long for a file name");
		}
		if (CONTROL.matcher(name).find()) {
			throw invalid(name, "has control characters");
		}
		String text = slashes(name);
		if (text.contains("\\")) {
			throw invalid(name, "has a backslash; folders are separated by /");
		}
		if (text.startsWith("//")) {
			throw invalid(name, "is the name of another machine or a device");
		}
		int root = 0;
		if (isAbsolute(text)) {
			root = rootOf(text);
			if (root < 0) {
				throw new AccessDeniedException(null, null, told(name, "is in none of the folders that are served"));
			}
			text = text.substring(Math.min(text.length(), this.roots.get(root).length()));
		}
		if (!text.isEmpty() && !text.equals(".")) {
			for (String part : text.split("/", -1)) {
				check(name, part);
			}
		}
		return new Located(root, text.equals(".") ? "" : text);
	}

	/**
	 * The same for a name that must not be that of the folder itself.
	 * @param name the name that the client has sent
	 * @return where it is
	 * @throws FileSystemException as {@link #locate}, or if it names the folder
	 */
	Located locateFile(String name) throws FileSystemException {
		Located located = locate(name);
		if (located.relative().isEmpty()) {
			throw invalid(name, "is not the name of a file");
		}
		return located;
	}

	private String slashes(String name) {
		return this.windows ? name.replace('\\', '/') : name;
	}

	private boolean isAbsolute(String text) {
		return text.startsWith("/") || (this.windows && text.length() > 1 && text.charAt(1) == ':');
	}

	private int rootOf(String text) {
		int best = -1;
		for (int i = 0; i < this.roots.size(); i++) {
			String prefix = this.roots.get(i);
			boolean inside = (text + "/").regionMatches(this.windows, 0, prefix, 0, prefix.length());
			if (inside && (best < 0 || prefix.length() > this.roots.get(best).length())) {
				best = i;
			}
		}
		return best;
	}

	private void check(String name, String part) throws FileSystemException {
		if (part.isEmpty()) {
			throw invalid(name, "has an empty part");
		}
		if (part.equals(".") || part.equals("..")) {
			throw invalid(name, "has the part '%s'".formatted(part));
		}
		if (this.windows) {
			checkForWindows(name, part);
		}
	}

	private static void checkForWindows(String name, String part) throws FileSystemException {
		if (FORBIDDEN_ON_WINDOWS.matcher(part).find()) {
			throw invalid(name, "has a character that names of files cannot have");
		}
		if (part.endsWith(".") || part.endsWith(" ")) {
			throw invalid(name, "has a part that ends with a dot or a space");
		}
		// Whatever its extension is.
		int dot = part.indexOf('.');
		String base = ((dot < 0) ? part : part.substring(0, dot)).stripTrailing().toUpperCase(Locale.ROOT);
		if (DEVICE.matcher(base).matches()) {
			throw invalid(name, "is the name of a device");
		}
	}

	private static FileSystemException invalid(String name, String reason) {
		return new FileSystemException(null, null, told(name, reason));
	}

	// The name as the client has sent it: of a file of this server, which an exception
	// names by its file, clients are told the last part alone.
	private static String told(String name, String reason) {
		return "'%s' %s".formatted(name, reason);
	}

	/**
	 * A name with its folder.
	 *
	 * @param root the index of the folder
	 * @param relative the name relative to it, with {@code /} between its parts
	 */
	record Located(int root, String relative) {
	}

}
