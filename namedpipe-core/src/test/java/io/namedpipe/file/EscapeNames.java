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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names by which a client tries to leave the folder that is served, or to reach something
 * that is not a file.
 */
final class EscapeNames {

	/** Below the folder's parent, for which {@code SECRET} and {@code ROOT} stand. */
	private static final List<String> ANYWHERE = List.of("../SECRET", "..", "../", "../.", "./../SECRET",
			"sub/../../SECRET", "sub/../../../SECRET", "sub/./../../SECRET", "sub//../../SECRET", "sub/..",
			"sub/../file", "./file", "sub/.", "sub/./file", "//SECRET", "///etc/passwd", "/etc/passwd", "//etc/passwd",
			"/", "//", "/../etc/passwd", "/etc/../etc/passwd", "ROOT/../SECRET", "ROOT/sub/../../SECRET", "ROOTx/file",
			"ROOT/..", "ROOT/./file", "ROOT//file", "PARENT/SECRET", "PARENT", "/ROOT/file", "sub//file", "sub/",
			"file/", "file/.", "file/..", "file/../file", "..\\SECRET", "sub\\..\\..\\SECRET",
			"..\\..\\..\\..\\etc\\passwd", "sub\\..\\file", "\\\\server\\share\\file", "\\\\.\\pipe\\name",
			"\\\\?\\C:\\Windows\\win.ini", "//server/share/file", "//./pipe/name", "//?/C:/Windows/win.ini",
			"//?/UNC/server/share/file", "/proc/self/environ", "/proc/self/root/etc/passwd", "/proc/self/cwd/file",
			"/proc/1/root/etc/passwd", "/dev/zero", "/dev/stdin", "/dev/fd/0", "/dev/tcp/localhost/22",
			"/sys/kernel/notes", "file\u0000", "file\u0000.txt", "../SECRET\u0000.txt", "\u0000", "file\n", "\nfile",
			"fi\rle", "fi\u001ble", "fi\u0085le", "fi\u2028le", "fi\u2029le", "fi\u007fle", "\ufffd", "fi\ufffdle",
			"\ud800", "fi\udc00le", "..\u0000/SECRET", "sub/..\u0000/../SECRET", "...", "....", "..;/SECRET",
			"%2e%2e/SECRET", "..%2fSECRET", "%2e%2e%2fSECRET", "..%c0%afSECRET", "..%252fSECRET", "\u002e\u002e/SECRET",
			"\uff0e\uff0e/SECRET", "\uff0e\uff0e\uff0fSECRET", "\u2025/SECRET", "..\u2215SECRET", "..\u2044SECRET", "~",
			"~/file", "~root/file", "$HOME/file", "`id`", "file|id", "file;id", "-", "file:///etc/passwd",
			"file:/etc/passwd", "jar:file:/x!/y", "http://localhost/", " ../SECRET", ".. /SECRET", "..  ",
			"link-to-secret", "link-to-parent/SECRET", "link-up/SECRET", "link-to-link", "link-to-proc/environ",
			"link-to-cwd/pom.xml", "link-to-root/etc/passwd", "link-to-etc/passwd", "link-to-fd", "link-to-zero",
			"ring", "sub/link-up-twice/SECRET", "fifo", "socket");

	private static final List<String> ON_WINDOWS = List.of("CON", "con", "Con.txt", "NUL", "nul.", "nul ", "nul.tar.gz",
			"PRN", "AUX", "aux.c", "COM1", "com0", "COM9.txt", "COM\u00b9", "COM\u00b2.x", "LPT1", "LPT\u00b3",
			"CLOCK$", "CONIN$", "CONOUT$", "sub/CON", "sub/nul .txt", "CON/file", "file:stream", "file::$DATA",
			"file:stream:$DATA", "sub:$I30:$INDEX_ALLOCATION", "sub::$INDEX_ALLOCATION/file", ":stream", "file.",
			"file ", "file. .", "sub./file", "sub /file", "... /file", "C:", "C:file", "C:/file", "c:\\file",
			"C:..\\file", "D:/file", "z:/etc/passwd", "fi*le", "fi?le", "fi<le", "fi>le", "fi\"le", "fi|le",
			"\\\\localhost\\c$\\file", "\\file", "/file", "\\\\?\\GLOBALROOT\\Device\\x", "\\\\.\\C:\\file",
			"\\??\\C:\\file", "//./CON", "..\\file", "sub\\..\\file");

	private EscapeNames() {
	}

	static List<String> all(String root, String parent) {
		List<String> names = new ArrayList<>();
		Stream.concat(ANYWHERE.stream(), ON_WINDOWS.stream())
			.map((each) -> each.replace("ROOT", root).replace("PARENT", parent).replace("SECRET", "secret"))
			.forEach(names::add);
		names.add("x".repeat(300));
		names.add("x".repeat(5000));
		names.add("sub/".repeat(2000) + "file");
		names.add("../".repeat(100) + "etc/passwd");
		return names;
	}

	static Stream<String> onWindows() {
		return ON_WINDOWS.stream();
	}

}
