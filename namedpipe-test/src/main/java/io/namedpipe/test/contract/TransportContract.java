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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;

/**
 * What the subjects of the contract share: a transport, names of their own, and pairs of
 * connected channels. Everything that a test opened through here is closed after it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract {

	/** Long enough for a slow machine, short enough to notice a hang. */
	protected static final int PATIENCE_SECONDS = 30;

	private static final String THREAD = "contract-test";

	private final List<AutoCloseable> opened = new ArrayList<>();

	protected final PipeTransport transport;

	protected TransportContract(PipeTransport transport) {
		this.transport = transport;
	}

	@AfterEach
	void closeEverything() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
		this.transport.close();
	}

	protected static PipeAddress uniqueAddress() {
		return PipeAddress.of("np." + UUID.randomUUID().toString().substring(0, 13));
	}

	protected <T extends AutoCloseable> T track(T closeable) {
		synchronized (this.opened) {
			this.opened.add(closeable);
		}
		return closeable;
	}

	protected PipeServerChannel bind(PipeAddress address) {
		return track(this.transport.bind(address, PipeServerOptions.defaults()));
	}

	protected PipeChannel connect(PipeAddress address) {
		return track(this.transport.connect(address, PipeClientOptions.defaults()));
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

	protected static <T> CompletableFuture<T> async(Callable<T> body) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				future.complete(body.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		}, THREAD);
		thread.setDaemon(true);
		thread.start();
		return future;
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
	 * Wait until a thread of a test is inside a blocking call of a channel.
	 * @param method the name of the method that blocks
	 */
	protected static void awaitBlocked(String method) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		int seen = 0;
		while (seen < 3 && System.nanoTime() < deadline) {
			boolean inside = Thread.getAllStackTraces()
				.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().getName().equals(THREAD))
				.flatMap((entry) -> List.of(entry.getValue()).stream())
				.anyMatch((frame) -> frame.getMethodName().equals(method)
						&& frame.getClassName().startsWith("io.namedpipe.transport"));
			seen = inside ? seen + 1 : 0;
			Thread.onSpinWait();
		}
	}

	/**
	 * Two ends of one connection.
	 *
	 * @param client the client's end
	 * @param server the server's end
	 */
	protected record Pair(PipeChannel client, PipeChannel server) {
	}

}
