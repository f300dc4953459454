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

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A server whose handler ends the JVM, like an application that is shut down over a pipe.
 * A shutdown hook stops the container and prints how long that took.
 */
public final class ExitProgram {

	private ExitProgram() {
	}

	public static void main(String[] args) {
		PipeTransport transport = args[0].equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
		PipeAddress address = Pipes.uniqueAddress();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(transport), List.of()).create(
				PipeContainerSettings.of("exit", address, new StreamStringProtocol()).build(),
				(exchange) -> System.exit(7));
		container.start();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			long start = System.nanoTime();
			try {
				ContainerFixture.stop(container);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			System.out.println("stopped %s after %d ms".formatted(container.state(),
					TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
		}));
		PipeChannel client = transport.connect(address, PipeClientOptions.defaults());
		Pipes.readFrame(client);
		client.write(Pipes.frame("exit"));
		Pipes.readFrame(client);
	}

}
