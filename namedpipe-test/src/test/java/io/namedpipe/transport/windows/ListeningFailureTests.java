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

package io.namedpipe.transport.windows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A listener goes on when the system refuses something, or fails visibly.
 */
@OnWindows
class ListeningFailureTests extends TransportContract {

	private static final PipeClientOptions PATIENT = PipeClientOptions.builder()
		.connectTimeout(Duration.ofSeconds(20))
		.waitForServer(Duration.ofSeconds(20))
		.build();

	private final CompletionPort port = new CompletionPort();

	private final ImpersonationTokens tokens = new ImpersonationTokens();

	ListeningFailureTests() {
		super(new WindowsPipeTransport());
		// Closed last.
		track((AutoCloseable) this.port::close);
		track((AutoCloseable) this.tokens::close);
	}

	private PipeServerChannel listen(Instances instances) {
		WindowsPipeChannel.Shape shape = WindowsPipeChannel.Shape.ofServer(instances.options);
		return listen(instances, (handle, release) -> new WindowsPipeChannel(handle, this.port, shape,
				new ClientPeer(handle, this.tokens), release));
	}

	private PipeServerChannel listen(Instances instances,
			BiFunction<PipeHandle, Consumer<WindowsPipeChannel>, PipeChannel> channels) {
		WindowsPipeServerChannel server = new WindowsPipeServerChannel(instances.address, instances.options, instances,
				channels, (closed) -> {
				});
		track(server);
		server.start();
		return server;
	}

	private PipeChannel acceptClientThatLeaves(PipeServerChannel server) {
		PipeChannel client = connect(server.address());
		PipeChannel accepted = server.accept();
		client.close();
		return accepted;
	}

	private String exchange(PipeServerChannel server) throws Exception {
		CompletableFuture<PipeChannel> accepted = async(() -> track(server.accept()));
		track(this.transport.connect(server.address(), PATIENT)).write(bytes("hello"));
		return readText(get(accepted), 5);
	}

	@Test
	void instanceThatCannotWaitAgainIsReplaced() throws Exception {
		Instances instances = new Instances(1, 1);
		PipeServerChannel server = listen(instances);
		PipeChannel accepted = acceptClientThatLeaves(server);
		CompletableFuture<PipeChannel> next = async(() -> track(server.accept()));
		awaitBlocked("accept");
		instances.waitError = WinError.ERROR_NOT_ENOUGH_MEMORY;
		instances.failures = 1;
		accepted.close();
		track(this.transport.connect(server.address(), PATIENT)).write(bytes("x"));
		assertThat(readText(get(next), 1)).isEqualTo("x");
	}

	@Test
	void acceptFailsIfNoInstanceCanWait() throws Exception {
		Instances instances = new Instances(1, 1);
		PipeServerChannel server = listen(instances);
		PipeChannel accepted = acceptClientThatLeaves(server);
		CompletableFuture<PipeChannel> next = async(server::accept);
		awaitBlocked("accept");
		instances.waitError = WinError.ERROR_NOT_ENOUGH_MEMORY;
		instances.failures = 2;
		accepted.close();
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> get(next))
			.withMessageContaining("cannot wait for clients")
			.withMessageContaining("Windows error 8");
		assertThat(exchange(server)).isEqualTo("hello");
	}

	@Test
	void instanceThatIsStillBeingClosedIsReplacedAfterwards() throws Exception {
		Instances instances = new Instances(1, 2);
		PipeServerChannel server = listen(instances);
		PipeChannel first = connect(server.address());
		PipeChannel accepted = server.accept();
		instances.holdRelease = new CountDownLatch(1);
		CompletableFuture<Void> close = async(() -> {
			accepted.close();
			return null;
		});
		awaitBlocked("release");
		connect(server.address());
		track(server.accept());
		CompletableFuture<PipeChannel> next = async(() -> track(server.accept()));
		awaitBlocked("accept");
		instances.holdRelease.countDown();
		get(close);
		track(this.transport.connect(server.address(), PATIENT)).write(bytes("x"));
		assertThat(readText(get(next), 1)).isEqualTo("x");
		assertThat(readOne(first)).isEqualTo(-1);
	}

	@Test
	void listenerWithAnInstanceGoesOnIfNoMoreCanBeCreated() throws Exception {
		Instances instances = new Instances(2, 0);
		PipeServerChannel server = listen(instances);
		instances.full = new PipeException("no resources for an instance more");
		assertThat(exchange(server)).isEqualTo("hello");
		assertThat(exchange(server)).isEqualTo("hello");
		assertThatExceptionOfType(PipeException.class).isThrownBy(server::accept).isSameAs(instances.full);
		instances.full = null;
		assertThat(exchange(server)).isEqualTo("hello");
	}

	@Test
	void clientWhoseChannelCannotBeCreatedIsDisconnectedAndTheNextIsServed() throws Exception {
		Instances instances = new Instances(1, 1);
		CountDownLatch failed = new CountDownLatch(1);
		WindowsPipeChannel.Shape shape = WindowsPipeChannel.Shape.ofServer(instances.options);
		PipeServerChannel server = listen(instances, (handle, release) -> {
			if (failed.getCount() > 0) {
				failed.countDown();
				throw new NoClassDefFoundError("made to fail");
			}
			return new WindowsPipeChannel(handle, this.port, shape, new ClientPeer(handle, this.tokens), release);
		});
		PipeChannel client = connect(server.address());
		assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(server::accept);
		assertThat(readOne(client)).isEqualTo(-1);
		client.close();
		assertThat(exchange(server)).isEqualTo("hello");
	}

	@Test
	void nameThatAnotherServerHasTakenIsNotJoined() throws Exception {
		Instances instances = new Instances(1, 1);
		PipeServerChannel server = listen(instances);
		PipeChannel accepted = acceptClientThatLeaves(server);
		instances.waitError = WinError.ERROR_NOT_ENOUGH_MEMORY;
		instances.failures = 1;
		accepted.close();
		Pointer strangers = InstancesTests.create(server.address(), false);
		try {
			assertThatExceptionOfType(PipeInUseException.class).isThrownBy(server::accept);
		}
		finally {
			Kernel32Calls.CloseHandle(strangers);
		}
		assertThat(exchange(server)).isEqualTo("hello");
	}

	@Test
	void failureOfTheCompletionPortEndsTheListenerVisiblyAndTheTransportCanListenAgain() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		Pair pair = pair(server);
		CompletableFuture<PipeChannel> accept = async(server::accept);
		CompletableFuture<String> read = async(() -> readText(pair.server(), 1));
		awaitBlocked("accept");
		awaitBlocked("read");
		((WindowsPipeTransport) this.transport).port().fail(new IllegalStateException("made to fail"));
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> get(accept))
			.isNotInstanceOf(PipeClosedException.class)
			.withMessageContaining("completion port has failed");
		assertThat(server.isOpen()).isFalse();
		assertThatExceptionOfType(PipeException.class).isThrownBy(server::accept);
		for (String text : new String[] { "a", "b" }) {
			pair.client().write(bytes(text));
			assertThat(get(read)).isEqualTo(text);
			read = async(() -> readText(pair.server(), 1));
			awaitBlocked("read");
		}
		pair.server().close();
		pair.client().close();
		server.close();
		assertThat(exchange(bind(server.address()))).isEqualTo("hello");
	}

	/**
	 * Creates instances that fail on demand.
	 */
	private final class Instances extends InstanceFactory {

		private final PipeAddress address;

		private final PipeServerOptions options;

		private volatile int waitError;

		private volatile int failures;

		private volatile @Nullable CountDownLatch holdRelease;

		private volatile @Nullable PipeException full;

		Instances(int waiting, int maximum) {
			this(uniqueAddress(), PipeServerOptions.builder().instances(waiting).maxInstances(maximum).build());
		}

		private Instances(PipeAddress address, PipeServerOptions options) {
			super(address, options, ListeningFailureTests.this.port);
			this.address = address;
			this.options = options;
		}

		@Override
		@Nullable PipeInstance next(ObjIntConsumer<PipeInstance> onWaitEnded) {
			if (this.full != null) {
				throw this.full;
			}
			return super.next(onWaitEnded);
		}

		@Override
		PipeInstance create(PipeHandle handle, ObjIntConsumer<PipeInstance> onWaitEnded) {
			return new PipeInstance(handle, ListeningFailureTests.this.port, onWaitEnded) {

				@Override
				int listen() {
					if (Instances.this.failures > 0) {
						Instances.this.failures--;
						return Instances.this.waitError;
					}
					return super.listen();
				}

				@Override
				void release() {
					CountDownLatch hold = Instances.this.holdRelease;
					try {
						if (hold != null) {
							hold.await();
						}
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
					super.release();
				}

			};
		}

	}

}
