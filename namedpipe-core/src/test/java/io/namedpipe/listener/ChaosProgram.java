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

package io.namedpipe.listener;

import java.io.IOException;
import java.nio.file.Path;

import io.namedpipe.testing.OpenFiles;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * The thousand operations of {@link ContainerChaosTests} on a pipe of the system, with
 * the number of open files before and after.
 */
public final class ChaosProgram {

	private ChaosProgram() {
	}

	public static void main(String[] args) throws Exception {
		ContainerChaosTests chaos = new ContainerChaosTests();
		chaos.directory = Path.of(args[0]);
		UnixPipeTransport transport = new UnixPipeTransport(chaos.directory);
		try (ContainerFixture first = new ContainerFixture(transport)) {
			first.start(ContainerFixture.ECHO);
			first.ask("x");
		}
		printOpenFiles();
		chaos.survives(transport);
		printOpenFiles();
		System.exit(0);
	}

	private static void printOpenFiles() throws IOException {
		System.out.println("> " + OpenFiles.count());
	}

}
