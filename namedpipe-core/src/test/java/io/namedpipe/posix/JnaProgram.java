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

/**
 * Asks for JNA in a process of its own, twice, after a class of JNA's if one is given.
 */
public final class JnaProgram {

	private JnaProgram() {
	}

	public static void main(String[] args) {
		if (args.length > 0) {
			try {
				Class.forName(args[0]);
			}
			catch (ClassNotFoundException | LinkageError ex) {
				// Reported to the application, not to the library.
			}
		}
		System.out.println("present %s, usable %s".formatted(Jna.isPresent(), Jna.isUsable()));
		for (int i = 0; i < 2; i++) {
			try {
				Jna.require();
				System.out.println("loaded");
			}
			catch (JnaUnavailableException ex) {
				System.out.println(ex.getMessage());
			}
		}
	}

}
