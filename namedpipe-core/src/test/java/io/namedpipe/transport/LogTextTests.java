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
import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text of peers in a log.
 */
class LogTextTests {

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "line feed, 000A", "carriage return, 000D", "vertical tab, 000B", "tab, 0009", "NUL, 0000",
			"backspace, 0008", "escape, 001B", "delete, 007F", "next line, 0085", "C1 control sequence, 009B",
			"line separator, 2028", "paragraph separator, 2029", "right-to-left override, 202E",
			"left-to-right isolate, 2066", "Arabic letter mark, 061C", "zero-width space, 200B",
			"zero-width joiner, 200D", "word joiner, 2060", "byte order mark, FEFF", "soft hyphen, 00AD",
			"grapheme joiner, 034F", "Hangul filler, 3164", "blank Braille, 2800", "variation selector, FE0F",
			"private use, E000", "lone high surrogate, D800", "lone low surrogate, DFFF", "noncharacter, FFFE" })
	void characterThatIsNotSeenOrChangesTheLineIsEscaped(String name, String code) {
		char character = (char) Integer.parseInt(code, 16);
		assertThat(LogText.of("a" + character + "b")).as(name).isEqualTo("a\\u" + code + "b");
	}

	@Test
	void tagCharacterIsEscaped() {
		assertThat(LogText.of("a\uDB40\uDC41b")).isEqualTo("a\\uDB40\\uDC41b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/home/anna/notes.txt", "C:\\users\\u1", "gr\u00F6\u00DFe", "\u0416", "\u05D0\u05D1",
			"\u65E5\u672C\u3000\u8A9E", "\uD83D\uDE00", "e\u0301" })
	void textThatCanBeSeenStaysAsItIs(String text) {
		assertThat(LogText.of(text)).isEqualTo(text);
	}

	@Test
	void textThatLooksLikeAnEscapeIsToldFromOne() {
		assertThat(LogText.of("\\u000A")).isEqualTo("\\u005Cu000A");
		assertThat(LogText.of("\\u00")).isEqualTo("\\u00");
	}

	@Test
	void longTextIsCutAtAFixedLength() {
		// As docs/security.md promises.
		assertThat(LogText.MAX_LENGTH).isEqualTo(500);
		assertThat(LogText.of("x".repeat(500))).isEqualTo("x".repeat(500));
		assertThat(LogText.of("x".repeat(501))).isEqualTo("x".repeat(500) + "...");
		assertThat(LogText.of("\n".repeat(65_535))).hasSizeLessThanOrEqualTo(500 + 3).matches("(\\\\u000A)+\\.\\.\\.");
		assertThat(LogText.of("\uD83D\uDE00".repeat(65_535))).matches("(\uD83D\uDE00)+\\.\\.\\.");
	}

	@Test
	void throwableWithPrintableMessagesIsTheSame() {
		IOException ex = new IOException("no such file", new IllegalStateException("why"));
		assertThat(LogText.of(ex)).isSameAs(ex);
	}

	@Test
	void messageOfAThrowableIsCutAtAGreaterLength() {
		String name = IOException.class.getName() + ": ";
		IOException fits = new IOException("x".repeat(2000 - name.length()));
		assertThat(LogText.of(fits)).isSameAs(fits);
		for (int length : new int[] { 2001, 65_535 }) {
			assertThat(LogText.of(new IOException("x".repeat(length - name.length()))))
				.hasToString(name + "x".repeat(2000 - name.length()) + "...");
		}
	}

	@Test
	void throwableWithTextOfAPeerIsCopiedWithItsStackTrace() {
		IllegalStateException cause = new IllegalStateException("bad\nWARN forged");
		IOException ex = new IOException("outer", cause);
		ex.addSuppressed(new IOException("\u001B[31m"));
		cause.addSuppressed(ex);
		Throwable copy = LogText.of(ex);
		StringWriter trace = new StringWriter();
		copy.printStackTrace(new PrintWriter(trace, true));
		assertThat(trace.toString()).startsWith("java.io.IOException: outer")
			.contains("Caused by: java.lang.IllegalStateException: bad\\u000AWARN forged")
			.contains("Suppressed: java.io.IOException: \\u001B[31m")
			.doesNotContain("\nWARN", "\u001B");
		assertThat(copy.getStackTrace()).isEqualTo(ex.getStackTrace());
	}

}
