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
import java.nio.file.Path;
import java.time.Duration;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * Connects, binds, accepts and sets a time-out in a process of its own without file
 * descriptors, and says how each went in one line.
 */
public final class NoDescriptorsProgram {

	private NoDescriptorsProgram() {
	}

	public static void main(String[] args) throws Exception {
		UnixPipeTransport transport = new UnixPipeTransport(Path.of(args[0]));
		PipeAddress address = PipeAddress.of("full");
		PipeClientOptions options = PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build();
		connectFirst(transport, options);
		try (PipeServerChannel server = transport.bind(address, PipeServerOptions.defaults())) {
			// Load the classes that need descriptors to be read.
			try (PipeChannel first = transport.connect(address, options)) {
				first.setReadTimeout(Duration.ofSeconds(1));
			}
			server.accept().close();
			outcome(() -> transport.connect(PipeAddress.of("missing"), PipeClientOptions.defaults()));
			PipeChannel client = transport.connect(address, options);
			try (Descriptors taken = new Descriptors()) {
				String connect = outcome(() -> transport.connect(address, options));
				String bind = outcome(() -> transport.bind(PipeAddress.of("other"), PipeServerOptions.defaults()));
				String accept = outcome(server::accept);
				String timeout = outcome(() -> client.setReadTimeout(Duration.ofSeconds(1)));
				taken.close();
				System.out.println("connect " + connect);
				System.out.println("bind " + bind);
				System.out.println("accept " + accept);
				System.out.println("timeout " + timeout);
			}
			System.out.println("accept " + outcome(server::accept));
			System.out.println("timeout " + outcome(() -> client.setReadTimeout(Duration.ofMillis(1))));
			System.out.println("open " + server.isOpen());
		}
	}

	// Nothing has connected yet in this process, nor made a socket but the transport. The
	// library's own classes are loaded. The socket of a server that has ended is there.
	private static void connectFirst(UnixPipeTransport transport, PipeClientOptions options) throws Exception {
		PipeAddress dead = PipeAddress.of("dead");
		outcome(() -> transport.connect(PipeAddress.of("missing"), options));
		SocketFailures.isNoDescriptors(new IOException("load classes"));
		String outcome;
		try (Descriptors taken = new Descriptors()) {
			outcome = outcome(() -> transport.connect(dead, options));
		}
		System.out.println("first connect " + outcome);
		System.out.println("first connect " + outcome(() -> transport.connect(dead, options)));
	}

	private static String outcome(Runnable action) {
		long start = System.nanoTime();
		try {
			action.run();
			return "works";
		}
		catch (PipeException | LinkageError | InternalError ex) {
			long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
			return ((millis < 10_000) ? "at once " : "late ") + ex.getClass().getSimpleName() + ": " + ex.getMessage();
		}
	}

}
