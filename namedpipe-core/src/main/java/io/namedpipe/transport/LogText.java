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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Escapes text that a peer may have chosen, such as a file name, a route or a user name,
 * for a log line or the message of an exception. The result is one line of bounded length
 * in which every character can be seen. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LogText {

	/** The greatest length of a text, in characters. A longer text is cut. */
	public static final int MAX_LENGTH = 500;

	/** Messages with a stack trace are the application's own, and longer. */
	private static final int MAX_MESSAGE_LENGTH = 2000;

	private static final String CUT = "...";

	private static final int VARIATION_SELECTORS = 0xFE00;

	private static final int LAST_VARIATION_SELECTOR = 0xFE0F;

	/** Tags and further variation selectors: none of them can be seen. */
	private static final int SPECIAL_PURPOSE_PLANE = 0xE;

	/** Letters and marks that are not visible. */
	private static final String BLANKS = "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

	private LogText() {
	}

	/**
	 * Escape a text as <code>&#92;uXXXX</code> where a character is not visible or would
	 * change how the line is shown: controls, line and paragraph separators, directional
	 * and other formatting characters, characters of no width, lone surrogates,
	 * characters for private use and unassigned ones. A backslash that would be taken for
	 * the start of such an escape is escaped too.
	 * @param text the text
	 * @return the text in one line of at most {@link #MAX_LENGTH} characters, and
	 * {@code "..."} if it was cut
	 */
	public static String of(@Nullable String text) {
		return escape(String.valueOf(text), MAX_LENGTH);
	}

	/**
	 * Escape the messages of a throwable that is logged with its stack trace, which
	 * contains the messages of its causes too.
	 * @param thrown what was thrown
	 * @return the same throwable if its messages need no escape, or else a copy of it
	 * whose messages are escaped, with the name of its class and its stack trace
	 */
	public static Throwable of(Throwable thrown) {
		return isPrintable(thrown, newIdentitySet()) ? thrown : new PrintableThrowable(thrown, newIdentitySet());
	}

	private static Set<Throwable> newIdentitySet() {
		return Collections.newSetFromMap(new IdentityHashMap<>());
	}

	private static boolean isPrintable(@Nullable Throwable thrown, Set<Throwable> seen) {
		if (thrown == null || !seen.add(thrown)) {
			return true;
		}
		String text = thrown.toString();
		return escape(text, MAX_MESSAGE_LENGTH).equals(text) && isPrintable(thrown.getCause(), seen)
				&& Stream.of(thrown.getSuppressed()).allMatch((suppressed) -> isPrintable(suppressed, seen));
	}

	private static String escape(String text, int limit) {
		return isPlain(text, limit) ? text : escapeEach(text, limit);
	}

	// Most texts need no escape, and are not copied.
	private static boolean isPlain(String text, int limit) {
		boolean plain = text.length() <= limit;
		for (int i = 0; plain && i < text.length(); i++) {
			char character = text.charAt(i);
			plain = character >= ' ' && character <= '~' && character != '\\';
		}
		return plain;
	}

	private static String escapeEach(String text, int limit) {
		StringBuilder escaped = new StringBuilder(Math.min(text.length(), limit) + CUT.length());
		int index = 0;
		while (index < text.length()) {
			int next = text.codePointAt(index);
			int end = index + Character.charCount(next);
			int length = escaped.length();
			if (isVisible(next) && !(next == '\\' && isEscape(text, end))) {
				escaped.appendCodePoint(next);
			}
			else {
				text.substring(index, end).chars().forEach((unit) -> escaped.append("\\u%04X".formatted(unit)));
			}
			if (escaped.length() > limit) {
				escaped.setLength(length);
				return escaped.append(CUT).toString();
			}
			index = end;
		}
		return escaped.toString();
	}

	private static boolean isVisible(int character) {
		if (character >= ' ' && character <= '~') {
			return true;
		}
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			default -> (character < VARIATION_SELECTORS || character > LAST_VARIATION_SELECTOR)
					&& character >> 16 != SPECIAL_PURPOSE_PLANE && BLANKS.indexOf(character) < 0;
		};
	}

	private static boolean isEscape(String text, int start) {
		return text.length() > start && text.charAt(start) == 'u' && text.length() > start + 4
				&& text.substring(start + 1, start + 5).chars().allMatch((digit) -> Character.digit(digit, 16) >= 0);
	}

	/**
	 * A throwable with escaped messages.
	 */
	private static final class PrintableThrowable extends Throwable {

		private static final long serialVersionUID = 1L;

		PrintableThrowable(Throwable original, Set<Throwable> seen) {
			super(escape(original.toString(), MAX_MESSAGE_LENGTH));
			seen.add(original);
			setStackTrace(original.getStackTrace());
			Throwable cause = original.getCause();
			if (cause != null && !seen.contains(cause)) {
				initCause(new PrintableThrowable(cause, seen));
			}
			for (Throwable suppressed : original.getSuppressed()) {
				if (!seen.contains(suppressed)) {
					addSuppressed(new PrintableThrowable(suppressed, seen));
				}
			}
		}

		@Override
		public String toString() {
			return String.valueOf(getMessage());
		}

	}

}
