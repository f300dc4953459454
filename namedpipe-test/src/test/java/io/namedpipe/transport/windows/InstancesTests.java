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

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinError;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The instances of a pipe, its name, and connections that end early.
 */
@OnWindows
class InstancesTests extends TransportContract {

	InstancesTests() {
		super(new WindowsPipeTransport());
	}

	static Pointer create(PipeAddress address, boolean first) {
		Pointer handle = Kernel32Calls.CreateNamedPipeW(new WString(address.toUnc()),
				PipeFlags.openMode(PipeDirection.DUPLEX, first), PipeFlags.pipeMode(PipeServerOptions.defaults()), 255,
				4096, 4096, 0, null);
		return Kernel32Calls.valid(handle);
	}

	@Test
	void nameOfAPipeThatIsNotOursIsInUse() {
		PipeAddress address = uniqueAddress();
		Pointer strangers = create(address, false);
		try {
			assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address))
				.withMessageContaining(address.name());
		}
		finally {
			Kernel32Calls.CloseHandle(strangers);
		}
		assertThat(bind(address).isOpen()).isTrue();
	}

	@Test
	void nameOfAnotherProcessIsInUse() throws Exception {
		PipeAddress address = uniqueAddress();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), PipeHolder.class.getName(), address.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader out = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			assertThat(out.readLine()).isEqualTo("bound");
			assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address));
			process.getOutputStream().close();
			assertThat(process.waitFor(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(bind(address).isOpen()).isTrue();
	}

	@Test
	@DisabledUnderWine("FILE_FLAG_FIRST_PIPE_INSTANCE is not enforced")
	void windowsItselfRefusesASecondFirstInstanceAsLongAsTheListenerIsOpen() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		for (int i = 0; i < 10; i++) {
			Pair pair = pair(server);
			assertThat(create(server.address(), true)).isNull();
			assertThat(Native.getLastError()).isEqualTo(WinError.ERROR_ACCESS_DENIED);
			pair.server().close();
			pair.client().close();
		}
	}

	@Test
	void nameIsOursWhateverTheCase() {
		PipeServerChannel server = bind(PipeAddress.of("Np.MixedCase." + System.nanoTime()));
		PipeAddress upper = PipeAddress.of(server.address().name().toUpperCase());
		assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(upper));
		assertThat(connect(upper).isOpen()).isTrue();
	}

	@Test
	void anInstanceWaitsAtEveryMomentOfManyHandOvers() throws Exception {
		PipeServerChannel server = track(
				this.transport.bind(uniqueAddress(), PipeServerOptions.builder().instances(1).build()));
		CompletableFuture<Void> serving = async(() -> {
			while (true) {
				server.accept().close();
			}
		});
		PipeClientOptions patient = PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(10)).build();
		for (int i = 0; i < 500; i++) {
			// Throws PipeNotFoundException if there is a moment without an instance.
			this.transport.connect(server.address(), patient).close();
		}
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(serving));
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> connect(server.address()));
	}

	// Wine, unlike Windows, ends the waits that an ended thread has begun, at a moment
	// that meets the client's arrival now and then.
	@RepeatedTest(100)
	void instancesOutliveTheThreadThatCreatedThem() throws Exception {
		CompletableFuture<PipeServerChannel> bound = new CompletableFuture<>();
		Thread thread = new Thread(() -> bound.complete(bind(uniqueAddress())));
		thread.start();
		thread.join();
		Pair pair = pair(bound.get());
		pair.client().write(bytes("x"));
		assertThat(readText(pair.server(), 1)).isEqualTo("x");
	}

	@Test
	void messageOfAClientThatLeftBeforeTheAcceptIsStillRead() {
		PipeServerChannel server = bind(uniqueAddress());
		PipeChannel client = connect(server.address());
		client.write(bytes("fire and forget"));
		client.close();
		PipeChannel accepted = track(server.accept());
		assertThat(readText(accepted, 15)).isEqualTo("fire and forget");
		assertThat(readOne(accepted)).isEqualTo(-1);
	}

	@Test
	void writtenBytesStayReadableLongAfterTheClose() throws Exception {
		Pair pair = connectedPair();
		pair.server().write(ByteBuffer.wrap(new byte[10_000]));
		long start = System.nanoTime();
		pair.server().close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(readText(pair.client(), 10_000)).hasSize(10_000);
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void nothingIsWrittenAfterAWriteThatWasCutOff() throws Exception {
		Pair pair = connectedPair();
		pair.server().setWriteTimeout(Duration.ofMillis(50));
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> writeForEver(pair.server()));
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> pair.server().write(bytes("more")))
			.withMessageContaining("cut off");
		pair.client().write(bytes("the other way"));
		assertThat(readText(pair.server(), 13)).isEqualTo("the other way");
	}

	@Test
	void addressesThatAreNotForWindowsAreRefused() {
		PipeServerOptions options = PipeServerOptions.defaults();
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> this.transport.bind(PipeAddress.of("\\\\elsewhere\\pipe\\x"), options))
			.withMessageContaining("own machine");
	}

	@Test
	void closedTransportListensNoMoreAndOpensNoMore() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<PipeChannel> accept = async(server::accept);
		awaitBlocked("accept");
		this.transport.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(accept));
		assertThat(server.isOpen()).isFalse();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> bind(uniqueAddress()));
	}

}
