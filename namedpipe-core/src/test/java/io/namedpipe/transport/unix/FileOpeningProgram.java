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
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.Impersonation;

/**
 * Opens files as another user, and prints the results and how many classes were loaded
 * while the thread had the other identity.
 */
public final class FileOpeningProgram {

	private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

	private static long loaded;

	private FileOpeningProgram() {
	}

	public static void main(String[] args) {
		UnixPipeTransport transport = new UnixPipeTransport();
		transport.verifyImpersonation();
		FileOpener opener = transport.fileOpener();
		Impersonation alice = new UnixImpersonation(
				new UnixUser(OtherUsers.ALICE, OtherUsers.ALICE, new int[0], "alice", new SystemUserDatabase()));
		// Loads what the measurement itself needs.
		CLASSES.getTotalLoadedClassCount();
		ClientRights rights = (calls) -> run(alice, calls);
		for (String each : args) {
			String outcome = "opened";
			try {
				opener.open(Path.of(each), rights).close();
			}
			catch (IOException ex) {
				outcome = ex.getClass().getSimpleName();
			}
			System.out.println(each + " " + outcome + ", " + loaded + " classes loaded meanwhile");
		}
	}

	private static void run(Impersonation impersonation, Runnable calls) {
		Impersonation.Scope scope = impersonation.enter();
		long before = CLASSES.getTotalLoadedClassCount();
		try {
			calls.run();
		}
		finally {
			loaded = CLASSES.getTotalLoadedClassCount() - before;
			scope.leave();
		}
	}

}
