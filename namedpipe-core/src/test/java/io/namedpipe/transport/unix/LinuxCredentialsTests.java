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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls of the kernel that fail or have no effect, on a fake kernel. Each test has a
 * thread of its own, since a thread can become tainted.
 */
class LinuxCredentialsTests {

	private static final String OWN = "uid 50 gid 60 groups [70] capabilities 194";

	private final FakeKernel kernel = new FakeKernel();

	private final LinuxCredentials credentials = new LinuxCredentials(this.kernel,
			new IdMap(UnixIds.INVALID, UnixIds.INVALID));

	private final LinuxIdentity alice = LinuxIdentity.of(this.kernel, 1001, 1002, 7, 8);

	@Test
	void groupsGoFirstAndComeBackLast() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			assertThat(this.kernel.thread()).hasToString("uid 1001 gid 1002 groups [7, 8] capabilities 192");
			assertThat(this.kernel.changes).containsExactly("setgroups [7, 8]", "setfsgid 1002", "setfsuid 1001",
					"capset 192");
			this.kernel.changes.clear();
			scope.leave();
			assertThat(this.kernel.changes).containsExactly("setfsuid 50", "setfsgid 60", "setgroups [70]",
					"capset 194", "dumpable 1");
			assertThat(this.kernel.thread()).hasToString(OWN);
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
					.satisfies((ex) -> assertThat(ex.isThreadTainted()).isFalse());
				assertThat(this.kernel.thread()).hasToString(OWN);
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
			assertThat(this.kernel.thread()).hasToString(OWN);
		});
	}

	@Test
	void capabilitiesThatStayUndoTheEnter() throws Exception {
		for (boolean refused : new boolean[] { true, false }) {
			onThread(() -> {
				this.kernel.refused = refused ? "capset 192" : "";
				this.kernel.ignored = refused ? "" : "capset 192";
				assertThatExceptionOfType(PipeImpersonationException.class)
					.isThrownBy(() -> this.credentials.enter(this.alice))
					.withMessageContaining("capabilities could not be dropped")
					.satisfies((ex) -> assertThat(ex.isThreadTainted()).isFalse());
				assertThat(this.kernel.thread()).hasToString(OWN);
			});
		}
	}

	@Test
	void capabilitiesThatGoingBackNeedsAreNotChanged() throws Exception {
		this.kernel.initialCapabilities = 192;
		onThread(() -> {
			this.credentials.enter(this.alice).leave();
			assertThat(this.kernel.changes).noneMatch((change) -> change.startsWith("capset"));
			this.credentials.enter(LinuxIdentity.of(this.kernel, 0, 0)).leave();
			assertThat(this.kernel.changes).contains("capset 192");
		});
	}

	@Test
	void ownUserWithinAScopeHasItsCapabilities() throws Exception {
		LinuxIdentity own = LinuxIdentity.of(this.kernel, 50, 60, 70);
		onThread(() -> {
			Impersonation.Scope outer = this.credentials.enter(this.alice);
			Impersonation.Scope inner = this.credentials.enter(own);
			assertThat(this.kernel.thread()).hasToString(OWN);
			inner.leave();
			assertThat(this.kernel.thread()).hasToString("uid 1001 gid 1002 groups [7, 8] capabilities 192");
			outer.leave();
			assertThat(this.kernel.thread()).hasToString(OWN);
		});
	}

	@Test
	void processIsNotDumpableWhileAnyThreadActsAsAnother() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		CompletableFuture<Void> other = Background.run(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			entered.countDown();
			over.await();
			scope.leave();
			return null;
		});
		entered.await();
		onThread(() -> {
			this.credentials.enter(this.alice).leave();
			assertThat(this.kernel.dumpable).isZero();
			this.kernel.ignored = "setfsuid 1001";
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice));
			assertThat(this.kernel.dumpable).isZero();
		});
		over.countDown();
		Background.get(other);
		assertThat(this.kernel.dumpable).isOne();
	}

	@Test
	void flagThatAChangeOfUserDoesNotClearIsCleared() throws Exception {
		this.kernel.suidDumpable = 1;
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		CompletableFuture<Void> other = Background.run(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			assertThat(this.kernel.dumpable).isZero();
			entered.countDown();
			over.await();
			scope.leave();
			return null;
		});
		entered.await();
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			this.kernel.dumpable = 1;
			scope.leave();
			assertThat(this.kernel.dumpable).isZero();
		});
		over.countDown();
		Background.get(other);
		assertThat(this.kernel.dumpable).isOne();
	}

	@Test
	void processStaysNotDumpableAfterAThreadIsLost() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			this.kernel.ignored = "setfsuid 50";
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave);
		});
		onThread(() -> {
			this.kernel.ignored = "";
			this.credentials.enter(this.alice).leave();
		});
		assertThat(this.kernel.dumpable).isZero();
	}

	@Test
	void processThatWasNotDumpableStaysSo() throws Exception {
		for (int value : new int[] { 0, 2 }) {
			this.kernel.dumpable = value;
			LinuxCredentials others = new LinuxCredentials(this.kernel, new IdMap(UnixIds.INVALID, UnixIds.INVALID));
			onThread(() -> others.enter(this.alice).leave());
			assertThat(this.kernel.dumpable).isEqualTo(value);
		}
	}

	@Test
	void leaveThatFailsLosesTheThread() throws Exception {
		for (String call : List.of("setfsuid 50", "setfsgid 60", "setgroups [70]")) {
			onThread(() -> {
				Impersonation.Scope scope = this.credentials.enter(this.alice);
				this.kernel.changes.clear();
				this.kernel.ignored = call;
				assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
					.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
				// The other steps were tried all the same.
				assertThat(this.kernel.changes).contains("setfsuid 50", "setfsgid 60", "setgroups [70]");
				this.kernel.ignored = "";
				assertThatExceptionOfType(PipeImpersonationException.class)
					.isThrownBy(() -> this.credentials.enter(this.alice))
					.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
				assertThat(LinuxCredentials.isSwitched()).isTrue();
			});
		}
	}

	@Test
	void capabilitiesThatCannotBePutBackLoseTheThread() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			this.kernel.refused = "capset 194";
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
				.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
		});
	}

	@Test
	void enterThatCanBeNeitherFinishedNorUndoneLosesTheThread() throws Exception {
		onThread(() -> {
			this.kernel.ignored = "setfsuid 1001";
			this.kernel.refused = "setgroups [70]";
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> this.credentials.enter(this.alice))
				.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
		});
	}

	@Test
	void identityThatChangedMeanwhileFailsTheLeave() throws Exception {
		onThread(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.alice);
			this.kernel.thread().uid = 0;
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
				.withMessageContaining("Something else");
			assertThat(this.kernel.thread()).hasToString(OWN);
		});
	}

	@Test
	void whatIsTheSameAlreadyIsNotSetAgain() throws Exception {
		LinuxIdentity neighbour = LinuxIdentity.of(this.kernel, 1001, 60, 70);
		onThread(() -> {
			this.credentials.enter(neighbour).leave();
			assertThat(this.kernel.changes).doesNotContain("setgroups [70]");
			assertThat(this.kernel.thread()).hasToString(OWN);
		});
	}

	@Test
	void moreGroupsThanUsualAreSavedAndPutBack() throws Exception {
		List<Integer> many = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			many.add(i);
		}
		onThread(() -> {
			this.kernel.initialGroups = many;
			this.credentials.enter(this.alice).leave();
			assertThat(this.kernel.thread().groups).isEqualTo(many);
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

}
