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

package io.namedpipe.readme;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.SocketFactory;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.PipeProcess;
import io.namedpipe.transport.socket.PipeSocketFactory;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * The README's pipes without a name, and its sockets.
 */
final class AnonymousPipes {

	private AnonymousPipes() {
	}

	static String sort() throws IOException {
		try (PipeProcess child = PipeProcess.of(new ProcessBuilder("sort", "-u")).start()) {
			child.channel().write(ByteBuffer.wrap("b\na\nb\n".getBytes()));
			child.channel().shutdownOutput();
			String sorted = new String(child.channel().inputStream().readAllBytes());
			return sorted;
		}
	}

	static PipeChannel parent() {
		PipeChannel parent = ParentPipe.open();
		return parent;
	}

	static SocketFactory sockets() {
		SocketFactory pipe = new PipeSocketFactory(new UnixPipeTransport(), PipeAddress.of("acme.web"),
				PipeClientOptions.defaults());
		return pipe;
	}

}
