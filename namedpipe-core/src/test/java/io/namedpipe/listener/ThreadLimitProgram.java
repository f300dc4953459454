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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A server in a process that at times has no room for the stack of another thread. Its
 * threads have stacks that the C library does not keep for the next ones.
 */
public final class ThreadLimitProgram {

	private static final long LESS_THAN_A_STACK = 48L << 20;

	private ThreadLimitProgram() {
	}

	public static void main(String[] args) throws Exception {
		PipeTransport transport = args[0].equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
		PipeAddress address = Pipes.uniqueAddress();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(transport), List.of())
			.create(PipeContainerSettings.of("threads", address, new StreamStringProtocol())
				.serverOptions(PipeServerOptions.builder().instances(1).build())
				.build(), (exchange) -> exchange.reply(ContainerFixture.ECHO.handle(exchange)));
		// Loads what there is to load.
		container.start();
		ContainerFixture.stop(container);
		limitThreads(true);
		try {
			container.start();
			say("started");
		}
		catch (PipeListenerStartupException ex) {
			say(container.state() + " " + ex.getMessage());
		}
		limitThreads(false);
		container.start();
		PipeTemplate template = PipeTemplate.builder(transport)
			.address(address)
			.protocol(new StreamStringProtocol())
			.build();
		limitThreads(true);
		try {
			template.route("").payload("x").async().exchange().get(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			say("call: " + ex);
		}
		PipeChannel silent = greeted(transport, address);
		awaitTrue(() -> !container.isReachable());
		say(container.state() + " reachable " + container.isReachable());
		limitThreads(false);
		CompletableFuture<PipeChannel> next = Background.run(() -> greeted(transport, address));
		Background.get(next).close();
		awaitTrue(container::isReachable);
		say(container.state() + " reachable " + container.isReachable());
		silent.close();
		ContainerFixture.stop(container);
		say(container.state().name());
		System.exit(0);
	}

	private static PipeChannel greeted(PipeTransport transport, PipeAddress address) {
		PipeChannel client = transport.connect(address, PipeClientOptions.defaults());
		Pipes.readFrame(client);
		return client;
	}

	private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
		for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	// What else is in the output is the log.
	private static void say(String line) {
		System.out.println("> " + line);
	}

	private static void limitThreads(boolean limited) throws Exception {
		long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]);
		String limit = limited ? String.valueOf(pages * 4096 + LESS_THAN_A_STACK) : "unlimited";
		Process process = new ProcessBuilder("/usr/bin/prlimit", "--pid", String.valueOf(ProcessHandle.current().pid()),
				"--as=" + limit + ":unlimited")
			.inheritIO()
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("prlimit failed");
		}
	}

}
