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

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

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

	private static final long PAGE_BYTES = 4096;

	private static final int RLIMIT_AS = 9;

	private static final int TRIES = 20;

	private static final long UNLIMITED = -1;

	private static final long PATIENCE_MILLIS = 40_000;

	private ThreadLimitProgram() {
	}

	public static void main(String[] args) throws Exception {
		Thread watchdog = new Thread(ThreadLimitProgram::endLate);
		watchdog.setDaemon(true);
		watchdog.start();
		PipeTransport transport = args[0].equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
		PipeAddress address = Pipes.uniqueAddress();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(transport), List.of())
			.create(PipeContainerSettings.of("threads", address, new StreamStringProtocol())
				.serverOptions(PipeServerOptions.builder().instances(1).build())
				.build(), (exchange) -> exchange.reply(ContainerFixture.ECHO.handle(exchange)));
		// Loads what there is to load.
		setLimit(false);
		container.start();
		ContainerFixture.stop(container);
		String outcome = "started";
		// A thread of the JVM that ends at this moment makes room for another one.
		for (int i = 0; i < TRIES && outcome.equals("started"); i++) {
			limitThreads(true);
			outcome = tryStart(container);
		}
		say(outcome);
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

	private static String tryStart(PipeListenerContainer container) throws Exception {
		try {
			container.start();
			ContainerFixture.stop(container);
			return "started";
		}
		catch (PipeListenerStartupException ex) {
			return container.state() + " " + ex.getMessage();
		}
	}

	private static void endLate() {
		try {
			Thread.sleep(PATIENCE_MILLIS);
		}
		catch (InterruptedException ex) {
			// Then at once.
		}
		Runtime.getRuntime().halt(3);
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

	// The other lines of the output are the log.
	private static void say(String line) {
		System.out.println("> " + line);
	}

	// Again while threads that have just ended make room.
	private static void limitThreads(boolean limited) throws Exception {
		do {
			setLimit(limited);
		}
		while (limited && canStartThread());
	}

	private static boolean canStartThread() throws InterruptedException {
		try {
			Thread thread = new Thread(() -> {
			});
			thread.start();
			thread.join();
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

	// Without another process, which the JDK needs a thread for.
	private static void setLimit(boolean limited) throws Exception {
		long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]);
		try (Memory limits = new Memory(2L * Long.BYTES)) {
			limits.setLong(0, limited ? pages * PAGE_BYTES + LESS_THAN_A_STACK : UNLIMITED);
			limits.setLong(Long.BYTES, UNLIMITED);
			Object[] arguments = { RLIMIT_AS, limits };
			if (NativeLibrary.getInstance("c").getFunction("setrlimit").invokeInt(arguments) != 0) {
				throw new IllegalStateException("setrlimit failed");
			}
		}
	}

}
