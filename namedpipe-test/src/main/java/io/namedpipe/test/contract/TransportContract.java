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

package io.namedpipe.test.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;

/**
 * Base class of the subjects of the contract, with a transport, unique names, and pairs
 * of connected channels. Everything that a test opens through this class is closed after
 * it.
 *
 * @since 0.1.0
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract {

	/** Long enough for a slow machine, short enough to notice a hang. */
	protected static final int PATIENCE_SECONDS = 30;

	static final PipeClientOptions PATIENT = PipeClientOptions.builder()
		.connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
		.build();

	private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	protected final PipeTransport transport;

	protected TransportContract(PipeTransport transport) {
		this.transport = transport;
	}

	@AfterEach
	void closeEverything() throws Exception {
		while (!this.opened.isEmpty()) {
			this.opened.removeLast().close();
		}
		this.transport.close();
	}

	protected static PipeAddress uniqueAddress() {
		return PipeAddress.of("np." + UUID.randomUUID().toString().substring(0, 13));
	}

	protected <T extends AutoCloseable> T track(T closeable) {
		this.opened.addLast(closeable);
		return closeable;
	}

	protected PipeServerChannel bind(PipeAddress address) {
		return track(this.transport.bind(address, PipeServerOptions.defaults()));
	}

	protected PipeChannel connect(PipeAddress address) {
		return track(this.transport.connect(address, PATIENT));
	}

	protected Pair connectedPair() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		return pair(server);
	}

	protected Pair pair(PipeServerChannel server) throws Exception {
		CompletableFuture<PipeChannel> accepted = async(() -> track(server.accept()));
		PipeChannel client = connect(server.address());
		return new Pair(client, get(accepted));
	}

	protected static Pair pair(PipeChannel client, PipeChannel server) {
		return new Pair(client, server);
	}

	protected <T> CompletableFuture<T> async(Callable<T> body) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				future.complete(body.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		}, "contract-test");
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		return future;
	}

	protected CompletableFuture<Void> run(Runnable body) {
		return async(Executors.callable(body, null));
	}

	protected static <T> T get(CompletableFuture<T> future) throws Exception {
		try {
			return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
	}

	protected static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Read a text of a known length, however it is cut up on its way.
	 * @param channel where the text comes from
	 * @param length the length in bytes
	 * @return the text, empty if the stream has ended
	 */
	protected static String readText(PipeChannel channel, int length) {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		channel.readFully(buffer);
		return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
	}

	protected static int readOne(PipeChannel channel) {
		return channel.read(ByteBuffer.allocate(1));
	}

	/**
	 * Fill the pipe until nothing more fits: a write that never ends by itself.
	 * @param channel where to write
	 */
	protected static void writeForEver(PipeChannel channel) {
		ByteBuffer block = ByteBuffer.allocate(64 * 1024);
		while (true) {
			channel.write(block.clear());
		}
	}

	/**
	 * Wait until a thread that this test has started is inside a blocking call.
	 * @param method the name of the method that blocks
	 * @throws AssertionError if all these threads end without it
	 */
	protected void awaitBlocked(String method) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		for (int seen = 0; seen < 3;) {
			seen = isInside(method) ? seen + 1 : 0;
			if (this.threads.isEmpty() || System.nanoTime() > deadline) {
				throw new AssertionError("No thread of the test waits in '%s'".formatted(method));
			}
			Thread.onSpinWait();
		}
	}

	private boolean isInside(String method) {
		return this.threads.stream()
			.flatMap((thread) -> Stream.of(thread.getStackTrace()))
			.anyMatch((frame) -> frame.getMethodName().equals(method));
	}

	/**
	 * Two ends of one connection.
	 *
	 * @param client the client's end
	 * @param server the server's end
	 * @since 0.1.0
	 */
	protected record Pair(PipeChannel client, PipeChannel server) {
	}

}
