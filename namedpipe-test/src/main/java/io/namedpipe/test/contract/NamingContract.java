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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Names, and connecting to them.
 *
 * @since 0.1.0
 */
public abstract class NamingContract extends TransportContract {

	protected NamingContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void missingServerFailsAtOnce() {
		PipeAddress address = uniqueAddress();
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> connect(address))
			.withMessageContaining(address.name());
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENT.connectTimeout().dividedBy(2));
	}

	@Test
	void missingServerIsWaitedForInsideTheBudgetOnly() {
		PipeClientOptions options = PipeClientOptions.builder().waitForServer(Duration.ofMillis(120)).build();
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> this.transport.connect(uniqueAddress(), options));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
	}

	@Test
	void clientThatWaitsFindsAServerThatStartsLater() throws Exception {
		PipeAddress address = uniqueAddress();
		PipeClientOptions options = PipeClientOptions.builder().waitForServer(Duration.ofSeconds(15)).build();
		CompletableFuture<PipeChannel> client = async(() -> track(this.transport.connect(address, options)));
		awaitBlocked("connect");
		PipeServerChannel server = bind(address);
		CompletableFuture<PipeChannel> accepted = async(() -> track(server.accept()));
		assertThat(get(client).isOpen()).isTrue();
		assertThat(get(accepted).isOpen()).isTrue();
	}

	@Test
	void waitingClientCanBeInterrupted() throws Exception {
		PipeClientOptions options = PipeClientOptions.builder().waitForServer(Duration.ofMinutes(5)).build();
		AtomicReference<Thread> thread = new AtomicReference<>();
		CompletableFuture<Boolean> client = async(() -> {
			thread.set(Thread.currentThread());
			try {
				this.transport.connect(uniqueAddress(), options);
				return false;
			}
			catch (PipeException ex) {
				assertThat(ex).hasMessageContaining("interrupted");
				return Thread.currentThread().isInterrupted();
			}
		});
		awaitBlocked("connect");
		thread.get().interrupt();
		assertThat(client.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void fullWindowsNameAndBareNameAreTheSamePipe() throws Exception {
		PipeAddress bare = uniqueAddress();
		PipeServerChannel server = bind(bare);
		CompletableFuture<PipeChannel> accepted = async(() -> track(server.accept()));
		connect(PipeAddress.of("\\\\.\\pipe\\" + bare.name()));
		assertThat(get(accepted).isOpen()).isTrue();
	}

	@Test
	void namesOnThisMachineAreReachedAndAccepted() {
		assertThat(this.transport.reaches(uniqueAddress())).isTrue();
		assertThat(this.transport.accepts(uniqueAddress())).isTrue();
	}

	@Test
	void addressesThatTheTransportDoesNotReachOrAcceptAreRefused() {
		for (String text : List.of("\\\\no-such-machine\\pipe\\files", "/no/such/directory/files.sock")) {
			PipeAddress address = PipeAddress.of(text);
			assertThat(isRefused(() -> bind(address))).as(text).isNotEqualTo(this.transport.accepts(address));
			if (!this.transport.reaches(address)) {
				assertThat(isRefused(() -> connect(address))).as(text).isTrue();
			}
		}
	}

	private static boolean isRefused(Runnable call) {
		try {
			call.run();
			return false;
		}
		catch (PipeException ex) {
			return ex instanceof PipeAddressException;
		}
	}

	@Test
	void connectingToAServerThatLeftFailsAsNotFound() {
		PipeAddress address = uniqueAddress();
		bind(address).close();
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> connect(address));
	}

}
