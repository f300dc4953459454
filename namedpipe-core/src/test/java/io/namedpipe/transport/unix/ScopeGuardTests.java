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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The search for threads with a client's identity, with a fake kernel and fake threads.
 */
@NotOnWindows
class ScopeGuardTests {

	private static final int CLIENT = 1001;

	private static final int SELF = 50;

	private final FakeKernel kernel = new FakeKernel();

	private final LinuxCredentials credentials = new LinuxCredentials(this.kernel,
			new IdMap(UnixIds.INVALID, UnixIds.INVALID));

	private final LinuxIdentity client = LinuxIdentity.of(this.kernel, CLIENT, 1002, 7);

	private final AtomicLong started = new AtomicLong(12);

	@TempDir
	Path tasks;

	private ScopeGuard guard;

	@BeforeEach
	void makeThreads() throws Exception {
		this.guard = new ScopeGuard(this.credentials, this.started::get,
				new StrayThreads(this.credentials, this.tasks));
		thread(1, "main", SELF);
		// It has ended, but for its name.
		Files.createDirectory(this.tasks.resolve("2"));
		Files.createFile(this.tasks.resolve("2/status"));
	}

	private void thread(int id, String name, int uid) throws Exception {
		Path task = Files.createDirectories(this.tasks.resolve(Integer.toString(id)));
		Files.writeString(task.resolve("status"),
				"Name:\t%s\nUmask:\t0022\nUid:\t%d\t%d\t%d\t%d\nGid:\t60\t60\t60\t60\n".formatted(name, SELF, SELF,
						SELF, uid));
	}

	private void onThread(Runnable body) throws Exception {
		CompletableFuture.runAsync(body, (task) -> new Thread(task).start()).get(20, TimeUnit.SECONDS);
	}

	@Test
	void threadsAreNotLookedAtIfNoneWasStarted() throws Exception {
		thread(3, "worker", CLIENT);
		onThread(() -> {
			Impersonation.Scope scope = this.guard.enter(this.client);
			assertThatNoException().isThrownBy(scope::leave);
		});
	}

	@Test
	void threadThatWasStartedWithTheServersIdentityIsNoStray() throws Exception {
		thread(3, "worker", SELF);
		onThread(() -> {
			Impersonation.Scope scope = this.guard.enter(this.client);
			this.started.incrementAndGet();
			assertThatNoException().isThrownBy(scope::leave);
			this.guard.enter(this.client).leave();
		});
	}

	@Test
	void strayEndsActingAsClientsOnEveryThread() throws Exception {
		thread(3, "work\u001b[er", CLIENT);
		onThread(() -> {
			Impersonation.Scope scope = this.guard.enter(this.client);
			this.started.incrementAndGet();
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
				.withMessageContaining("'work\\u001B[er' (task 3)")
				.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
			assertThat(this.kernel.thread().uid).isEqualTo(SELF);
		});
		Files.delete(this.tasks.resolve("3/status"));
		onThread(() -> assertThatExceptionOfType(PipeImpersonationException.class)
			.isThrownBy(() -> this.guard.enter(this.client))
			.withMessageContaining("(task 3)")
			.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue()));
		assertThat(this.kernel.changes).filteredOn("setfsuid 1001"::equals).hasSize(1);
	}

	@Test
	void threadsThatCannotBeLookedAtAreNotTrusted() throws Exception {
		Files.createDirectories(this.tasks.resolve("3/status"));
		onThread(() -> {
			Impersonation.Scope scope = this.guard.enter(this.client);
			this.started.incrementAndGet();
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(scope::leave)
				.withMessageContaining("It is not known")
				.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
		});
	}

	@Test
	void threadInAScopeOfItsOwnIsNoStray() throws Exception {
		CompletableFuture<Integer> acting = new CompletableFuture<>();
		CompletableFuture<Void> looked = new CompletableFuture<>();
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
			Impersonation.Scope scope = this.credentials.enter(this.client);
			acting.complete(this.kernel.gettid());
			looked.join();
			scope.leave();
		}, (task) -> new Thread(task).start());
		StrayThreads strays = new StrayThreads(this.credentials, this.tasks);
		int id = acting.get(20, TimeUnit.SECONDS);
		thread(id, "acting", CLIENT);
		assertThat(strays.find()).isNull();
		looked.complete(null);
		other.get(20, TimeUnit.SECONDS);
		assertThat(strays.find()).isEqualTo("'acting' (task %d)".formatted(id));
	}

	@Test
	void enterThatFailsLeavesNoTraceOfTheThread() throws Exception {
		onThread(() -> {
			this.kernel.refused = "setgroups [7]";
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> this.guard.enter(this.client));
			assertThat(this.credentials.isActing(this.kernel.gettid())).isFalse();
		});
	}

	@Test
	void withoutTheManagementModuleEveryScopeCounts() {
		LongSupplier counter = StartedThreads.counter("java.lang.management.NoSuchFactory");
		assertThat(counter.getAsLong()).isNotEqualTo(counter.getAsLong());
	}

	@Test
	void startedThreadsAreCounted() throws Exception {
		LongSupplier counter = StartedThreads.counter();
		long before = counter.getAsLong();
		onThread(() -> {
		});
		assertThat(counter.getAsLong()).isGreaterThan(before);
	}

	@Test
	void threadWithAnotherIdentityIsFound() throws Exception {
		onThread(() -> {
			assertThatNoException().isThrownBy(this.credentials::requireOwnIdentity);
			this.kernel.thread().uid = CLIENT;
			assertNotOwn();
		});
		onThread(() -> {
			this.kernel.thread().gid = CLIENT;
			assertNotOwn();
		});
	}

	private void assertNotOwn() {
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this.credentials::requireOwnIdentity)
			.withMessageContaining("1001")
			.satisfies((ex) -> assertThat(ex.isThreadTainted()).isTrue());
	}

}
