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

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The program of a child process of another user: one class that needs only the JDK, so
 * that a single file has to be readable by that user.
 */
public final class OtherUserProcess {

	private OtherUserProcess() {
	}

	public static void main(String[] args) throws Exception {
		Path socket = Path.of(args[1]);
		if (args[0].equals("serve")) {
			serve(socket);
		}
		else {
			System.out.println(call(socket));
		}
	}

	private static void serve(Path socket) throws Exception {
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(socket));
			Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
			System.out.println("listening");
			try (SocketChannel client = server.accept()) {
				System.out.println("read " + client.read(ByteBuffer.allocate(1)));
			}
		}
		finally {
			Files.deleteIfExists(socket);
		}
	}

	private static String call(Path socket) throws Exception {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			try {
				channel.connect(UnixDomainSocketAddress.of(socket));
			}
			catch (java.net.BindException ex) {
				// The JDK's name for EACCES.
				return "denied";
			}
			ByteBuffer greeting = ByteBuffer.allocate(1);
			if (channel.read(greeting) < 0) {
				return "refused";
			}
			while (channel.read(greeting.clear()) >= 0) {
				// The server closes when it has seen enough.
			}
			return "served";
		}
	}

}
