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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Looks the user 1 up in a process of its own, with file descriptors and without.
 */
public final class UserLookUpProgram {

	private static final int DAEMON = 1;

	private UserLookUpProgram() {
	}

	public static void main(String[] args) throws IOException {
		for (UserDatabase database : List.of(new UserFiles(), new SystemUserDatabase())) {
			String name = database.getClass().getSimpleName();
			print(name, database);
			String nameOutcome;
			String groupsOutcome;
			try (Descriptors taken = new Descriptors()) {
				nameOutcome = outcome(() -> "name " + database.name(DAEMON), "name fails: ");
				groupsOutcome = outcome(() -> "groups " + Arrays.toString(database.groups(DAEMON)), "groups fail: ");
			}
			System.out.println(name + " " + nameOutcome);
			System.out.println(name + " " + groupsOutcome);
			print(name, database);
		}
	}

	private static void print(String name, UserDatabase database) throws IOException {
		System.out.println(name + " " + database.name(DAEMON) + " " + Arrays.toString(database.groups(DAEMON)));
	}

	private static String outcome(Callable<String> lookUp, String failure) {
		try {
			return lookUp.call();
		}
		catch (Exception ex) {
			return failure + ex.getMessage();
		}
	}

}
