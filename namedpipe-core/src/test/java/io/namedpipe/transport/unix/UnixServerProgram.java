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

import java.nio.file.Path;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerOptions;

/**
 * A server in a process of its own: binds, says how that went in one line, and listens
 * until it is ended. The directory {@code -} is .NET's.
 */
public final class UnixServerProgram {

	private UnixServerProgram() {
	}

	public static void main(String[] args) throws InterruptedException {
		try (UnixPipeTransport transport = args[0].equals("-") ? new UnixPipeTransport()
				: new UnixPipeTransport(Path.of(args[0]))) {
			PipeAddress address = PipeAddress.of(args[1]);
			transport.bind(address, PipeServerOptions.defaults());
			System.out.println("bound " + transport.socketPath(address));
			Thread.currentThread().join();
		}
		catch (PipeException ex) {
			System.out.println(ex.getClass().getSimpleName() + " " + ex.getMessage());
		}
	}

}
