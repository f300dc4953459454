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

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handles, counted. Alone in its JVM, since all tests share handles.
 */
@OnWindows
@Isolated
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandleCountTests extends TransportContract {

	private static final int CLIENTS = 10_000;

	HandleCountTests() {
		super(new WindowsPipeTransport());
	}

	@Test
	void clientsThatConnectAndLeaveLeaveNoHandles() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<Integer> served = async(() -> {
			int count = 0;
			while (true) {
				try (PipeChannel channel = server.accept()) {
					if (readText(channel, 4).equals("last")) {
						return count;
					}
					count++;
				}
			}
		});
		PipeClientOptions patient = PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build();
		connectAndLeave(server, patient, 500);
		int before = handleCount();
		connectAndLeave(server, patient, CLIENTS);
		int after = handleCount();
		track(this.transport.connect(server.address(), patient)).write(bytes("last"));
		assertThat(get(served)).isLessThanOrEqualTo(CLIENTS + 500);
		// The JVM opens and closes handles of its own.
		assertThat(after).isBetween(before - 60, before + 60);
	}

	private void connectAndLeave(PipeServerChannel server, PipeClientOptions options, int count) {
		for (int i = 0; i < count; i++) {
			this.transport.connect(server.address(), options).close();
		}
	}

	private static int handleCount() {
		IntByReference count = new IntByReference();
		NativeLibrary.getInstance("kernel32")
			.getFunction("GetProcessHandleCount")
			.invokeInt(new Object[] { Kernel32Calls.GetCurrentProcess(), count });
		return count.getValue();
	}

	@Test
	void impersonationLeavesNoHandles() {
		PipeServerChannel server = bind(uniqueAddress());
		PipeChannel client = track(this.transport.connect(server.address(),
				PipeClientOptions.builder().impersonationLevel(ImpersonationLevel.IMPERSONATION).build()));
		PipeChannel accepted = track(server.accept());
		client.write(bytes("x"));
		assertThat(readText(accepted, 1)).isEqualTo("x");
		Impersonation impersonation = accepted.impersonation();
		impersonation.enter().leave();
		int before = handleCount();
		for (int i = 0; i < 500; i++) {
			impersonation.enter().leave();
		}
		assertThat(handleCount()).isLessThan(before + 100);
	}

}
