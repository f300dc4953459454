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

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;

/**
 * The address of a pipe: a name on this machine, a name on another machine, or the path
 * of a Unix-domain socket. Immutable; checked completely before any system call is made.
 * <p>
 * Accepted forms are {@code name}, {@code \\.\pipe\name}, {@code \\server\pipe\name} and
 * an absolute socket path such as {@code /run/acme/files.sock}. A text that begins with
 * two slashes or backslashes is the name of a pipe, in every spelling that Windows
 * accepts, such as {@code //./pipe/name}, {@code \\?\PIPE\name} and
 * {@code \\?\UNC\server\pipe\name}. The rules for names are those of Win32
 * {@code CreateNamedPipe}. The rules are the same on every operating system, so that an
 * address that works in development works in production.
 *
 * @since 0.1.0
 */
public final class PipeAddress {

	/** The longest pipe name, in characters, counted with its Windows prefix. */
	public static final int MAX_LENGTH = 256;

	/**
	 * The longest socket path, in bytes of UTF-8: two less than the platform's
	 * {@code sun_path}, which is what the JDK takes.
	 */
	public static final int MAX_SOCKET_PATH_BYTES = OperatingSystem.isMac() ? 102 : 106;

	private static final String LOCALHOST = "localhost";

	private static final String LOCAL = ".";

	private static final String UNC_INFIX = "\\pipe\\";

	/** The prefix of a pipe's name on a named machine, in Win32 or as an NT path. */
	private static final String UNC_START = "(?:[\\\\/]{2}|\\\\\\?(?=\\?))";

	private static final Pattern UNC = Pattern.compile(
			UNC_START + "(?:[.?][\\\\/]+UNC[\\\\/]+)?([^\\\\/]*)[\\\\/]+pipe[\\\\/]+(.*)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern ANY_UNC = Pattern.compile(UNC_START + ".*", Pattern.DOTALL);

	private final String server;

	private final String name;

	private final @Nullable Path path;

	private PipeAddress(String server, String name, @Nullable Path path) {
		this.server = server;
		this.name = name;
		this.path = path;
	}

	/**
	 * Parse and check an address.
	 * @param text the address in one of the accepted forms
	 * @return the address
	 * @throws PipeAddressException if the text is not an acceptable address; the message
	 * names the reason
	 */
	public static PipeAddress of(String text) {
		if (text.isEmpty()) {
			throw new PipeAddressException(text, "it is empty");
		}
		checkCharacters(text);
		if (ANY_UNC.matcher(text).matches()) {
			return unc(text);
		}
		if (text.startsWith("/")) {
			return path(text);
		}
		return new PipeAddress(LOCAL, checkName(text, text), null);
	}

	/**
	 * The address of a name on a named machine.
	 * @param server the machine, {@code .} for this one
	 * @param name the bare name of the pipe
	 * @return the address
	 * @throws PipeAddressException if the server or the name is not acceptable
	 */
	public static PipeAddress of(String server, String name) {
		String text = "\\\\" + server + UNC_INFIX + name;
		checkCharacters(text);
		return new PipeAddress(checkServer(text, server), checkName(text, name), null);
	}

	private static PipeAddress unc(String text) {
		Matcher matcher = UNC.matcher(text);
		if (!matcher.matches()) {
			throw new PipeAddressException(text, "it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name"
					+ (text.startsWith("/") ? "; a socket path begins with one slash" : ""));
		}
		String server = checkServer(text, matcher.group(1).equals("?") ? LOCAL : matcher.group(1));
		return new PipeAddress(server, checkName(text, matcher.group(2)), null);
	}

	private static void checkCharacters(String text) {
		if (text.indexOf('\0') >= 0) {
			throw new PipeAddressException(text, "it contains a NUL character");
		}
	}

	private static String checkServer(String text, String server) {
		if (server.isEmpty() || hasSeparator(server)) {
			throw new PipeAddressException(text, "the server is not a host name (use . for this machine)");
		}
		return server;
	}

	private static PipeAddress path(String text) {
		if (text.endsWith("/")) {
			throw new PipeAddressException(text, "the socket path ends with a slash");
		}
		return new PipeAddress(LOCAL, text, socketPath(text, text));
	}

	/**
	 * Make the path of a socket, and check that it fits the {@code sun_path} member of
	 * the platform's {@code sockaddr_un}.
	 * @param address the address that the path is made from, for the message
	 * @param text the path
	 * @return the path
	 * @throws PipeAddressException if the path is too long, or if this JVM cannot encode
	 * it
	 */
	public static Path socketPath(String address, String text) {
		int length = text.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_SOCKET_PATH_BYTES) {
			throw new PipeAddressException(address,
					"the socket path '%s' has %d bytes and the limit is %d; use a shorter name or a shorter directory"
						.formatted(text, length, MAX_SOCKET_PATH_BYTES));
		}
		try {
			return Path.of(text);
		}
		catch (InvalidPathException ex) {
			throw new PipeAddressException(address,
					("this JVM writes file names in %s, which has no bytes for '%s'; start it in a UTF-8 locale, such as "
							+ "LC_ALL=C.UTF-8 (system property 'sun.jnu.encoding')")
						.formatted(System.getProperty("sun.jnu.encoding"), text));
		}
	}

	private static String checkName(String text, String name) {
		if (name.isEmpty()) {
			throw new PipeAddressException(text, "the name is empty");
		}
		if (hasSeparator(name)) {
			throw new PipeAddressException(text, "the name contains a slash or a backslash");
		}
		if (name.equalsIgnoreCase("anonymous")) {
			throw new PipeAddressException(text, "the name 'anonymous' is reserved by the operating system");
		}
		if (("\\\\.\\pipe\\" + name).length() > MAX_LENGTH) {
			throw new PipeAddressException(text,
					"\\\\.\\pipe\\ and the name have more than %d characters".formatted(MAX_LENGTH));
		}
		return name;
	}

	private static boolean hasSeparator(String text) {
		return text.indexOf('\\') >= 0 || text.indexOf('/') >= 0;
	}

	/**
	 * The machine that the pipe is on.
	 * @return the host name, {@code .} for this machine
	 */
	public String server() {
		return this.server;
	}

	/**
	 * The bare name of the pipe, or the socket path as text.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The socket path, if the address is one.
	 * @return the path or {@code null} if the address is a name
	 */
	public @Nullable Path path() {
		return this.path;
	}

	/**
	 * Whether the pipe is on this machine.
	 * @return {@code true} if the server is {@code .}
	 */
	public boolean isLocal() {
		return this.server.equals(LOCAL);
	}

	/**
	 * Whether the pipe is on this machine, in any of the names that every machine has. An
	 * IP address, also that of the loopback, is reached over the network.
	 * @return {@code true} if the server is {@code .} or {@code localhost}
	 */
	public boolean isThisMachine() {
		return isLocal() || this.server.equalsIgnoreCase(LOCALHOST);
	}

	/**
	 * The address in the form that Win32 takes.
	 * @return {@code \\server\pipe\name}, or the socket path
	 */
	public String toUnc() {
		return (this.path != null) ? this.name : "\\\\" + this.server + UNC_INFIX + this.name;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PipeAddress that && this.server.equalsIgnoreCase(that.server)
				&& this.name.equals(that.name) && Objects.equals(this.path, that.path);
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	@Override
	public String toString() {
		return isLocal() ? this.name : toUnc();
	}

}
