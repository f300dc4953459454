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

package io.namedpipe.transport.unix;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What happens when the kernel does not do as it is told, on a kernel made for that. Each
 * test has a thread of its own, since a thread can be lost.
 */
class LinuxCredentialsTests {

	private final Kernel kernel = new Kernel();

	private final LinuxCredentials credentials = new LinuxCredentials(this.kernel);

	private final LinuxIdentity alice = LinuxIdentity.of(this.kernel, 1001, 1002, 7, 8);

	@Test
	void groupsGoFirstAndComeBackLast() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			assertThat(this.kernel.state()).isEqualTo("uid 1001 gid 1002 groups [7, 8]");
			assertThat(this.kernel.changes).containsExactly("setgroups [7, 8]", "setfsgid 1002", "setfsuid 1001",
					"dumpable 1");
			this.kernel.changes.clear();
			scope.leave();
			assertThat(this.kernel.changes).containsExactly("setfsuid 50", "setfsgid 60", "setgroups [70]",
					"dumpable 1");
			assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
		});
	}

	@Test
	void changeThatSilentlyFailsIsUndone() throws Exception {
		for (String call : List.of("setfsgid 1002", "setfsuid 1001")) {
			onThread(() -> {
				this.kernel.ignored = call;
				assertThatExceptionOfType(PipeImpersonationException.class)
					.isThrownBy(() -> this.credentials.enter(this.alice))
					.withMessageContaining("the server needs CAP_SET")
					.satisfies((ex) -> assertThat(ex.isThreadLost()).isFalse());
				assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
				assertThat(LinuxCredentials.isSwitched()).isFalse();
				this.kernel.ignored = "";
				this.credentials.enter(this.alice).leave();
			});
		}
	}

	@Test
	void groupsThatAreRefusedOrNotSetFailTheEnter() throws Exception {
		onThread(() -> {
			this.kernel.refused = "setgroups [7, 8]";
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice))
				.withMessageContaining("error 1")
				.withMessageContaining("CAP_SETGID");
			this.kernel.refused = "";
			this.kernel.ignored = "setgroups [7, 8]";
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice))
				.withMessageContaining("not the peer's");
			assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
		});
	}

	@Test
	void capabilitiesAboveFilePermissionsUndoTheEnter() throws Exception {
		onThread(() -> {
			this.kernel.capabilities = 1 << 1;
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice))
				.withMessageContaining("CAP_DAC_OVERRIDE");
			assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
		});
	}

	@Test
	void leaveThatFailsLosesTheThread() throws Exception {
		for (String call : List.of("setfsuid 50", "setfsgid 60", "setgroups [70]")) {
			onThread(() -> {
				this.kernel.reset();
				Impersonation.Scope scope = this.credentials.enter(this.alice);
				this.kernel.changes.clear();
				this.kernel.ignored = call;
				assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
					.satisfies((ex) -> assertThat(ex.isThreadLost()).isTrue());
				// The other steps were tried all the same.
				assertThat(this.kernel.changes).contains("setfsuid 50", "setfsgid 60", "setgroups [70]");
				this.kernel.ignored = "";
				assertThatExceptionOfType(PipeImpersonationException.class)
					.isThrownBy(() -> this.credentials.enter(this.alice))
					.satisfies((ex) -> assertThat(ex.isThreadLost()).isTrue());
				assertThat(LinuxCredentials.isSwitched()).isTrue();
			});
		}
	}

	@Test
	void enterThatCanBeNeitherFinishedNorUndoneLosesTheThread() throws Exception {
		onThread(() -> {
			this.kernel.ignored = "setfsuid 1001";
			this.kernel.refused = "setgroups [70]";
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice))
				.satisfies((ex) -> assertThat(ex.isThreadLost()).isTrue());
		});
	}

	@Test
	void identityThatChangedMeanwhileFailsTheLeave() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			this.kernel.uid = 0;
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
				.withMessageContaining("Something else");
			assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
		});
	}

	@Test
	void whatIsTheSameAlreadyIsNotSetAgain() throws Exception {
		LinuxIdentity neighbour = LinuxIdentity.of(this.kernel, 1001, 60, 70);
		onThread(() -> {
			this.credentials.enter(neighbour).leave();
			assertThat(this.kernel.changes).doesNotContain("setgroups [70]");
			assertThat(this.kernel.state()).isEqualTo("uid 50 gid 60 groups [70]");
		});
	}

	@Test
	void moreGroupsThanUsualAreSavedAndPutBack() throws Exception {
		List<Integer> many = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			many.add(i);
		}
		onThread(() -> {
			this.kernel.groups = many;
			this.credentials.enter(this.alice).leave();
			assertThat(this.kernel.groups).isEqualTo(many);
		});
	}

	private static void onThread(Runnable body) throws Exception {
		CompletableFuture<Void> result = new CompletableFuture<>();
		new Thread(() -> {
			try {
				body.run();
				result.complete(null);
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}).start();
		result.get(20, TimeUnit.SECONDS);
	}

	/**
	 * A kernel with one thread, which refuses or ignores a call when told to.
	 */
	private static final class Kernel implements CredentialCalls {

		private final Map<Long, ByteBuffer> memory = new ConcurrentHashMap<>();

		private final List<String> changes = new ArrayList<>();

		private int uid = 50;

		private int gid = 60;

		private List<Integer> groups = List.of(70);

		private int capabilities;

		private String ignored = "";

		private String refused = "";

		void reset() {
			this.uid = 50;
			this.gid = 60;
			this.groups = List.of(70);
			this.ignored = "";
		}

		String state() {
			return "uid %d gid %d groups %s".formatted(this.uid, this.gid, this.groups);
		}

		private boolean happens(String call) {
			this.changes.add(call);
			return !call.equals(this.ignored);
		}

		@Override
		public int setfsuid(int uid) {
			int former = this.uid;
			if (uid != -1 && happens("setfsuid " + uid)) {
				this.uid = uid;
			}
			return former;
		}

		@Override
		public int setfsgid(int gid) {
			int former = this.gid;
			if (gid != -1 && happens("setfsgid " + gid)) {
				this.gid = gid;
			}
			return former;
		}

		@Override
		public int setgroups(int count, long gids) {
			List<Integer> wanted = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				wanted.add(this.memory.get(gids).getInt(i * Integer.BYTES));
			}
			String call = "setgroups " + wanted;
			if (call.equals(this.refused)) {
				return -1;
			}
			if (happens(call)) {
				this.groups = wanted;
			}
			return 0;
		}

		@Override
		public int getgroups(int size, long gids) {
			if (size < this.groups.size()) {
				return -1;
			}
			for (int i = 0; i < this.groups.size(); i++) {
				this.memory.get(gids).putInt(i * Integer.BYTES, this.groups.get(i));
			}
			return this.groups.size();
		}

		@Override
		public int capget(long header, long data) {
			this.memory.get(data).putInt(0, this.capabilities);
			return 0;
		}

		@Override
		public int prctl(int option, int value) {
			if (option == CredentialCalls.PR_SET_DUMPABLE) {
				this.changes.add("dumpable " + value);
			}
			return (option == CredentialCalls.PR_GET_DUMPABLE) ? 1 : 0;
		}

		@Override
		public int lastError() {
			return 1;
		}

		@Override
		public long address(ByteBuffer buffer) {
			long address = this.memory.size() + 1;
			this.memory.put(address, buffer);
			return address;
		}

	}

}
