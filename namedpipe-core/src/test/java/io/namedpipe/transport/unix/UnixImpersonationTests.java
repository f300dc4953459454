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
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.TransportCapabilities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Acting as a client, with real users and real files.
 */
@NotOnWindows
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixImpersonationTests {

	private static final int THREADS = 8;

	private static final int SCOPES = 20_000;

	private static final UnixUser ALICE = user(OtherUsers.ALICE);

	private static final UnixUser BOB = user(OtherUsers.BOB, OtherUsers.SHARED_GROUP);

	private final UnixPipeTransport transport = new UnixPipeTransport();

	private OtherUsers users;

	@BeforeEach
	void needsRoot() throws Exception {
		this.users = new OtherUsers();
	}

	@AfterEach
	void cleanUp() throws Exception {
		if (this.users != null) {
			this.users.close();
		}
	}

	private static UnixUser user(int uid, int... groups) {
		return new UnixUser(uid, uid, groups, Integer.toString(uid), new FakeUserDatabase());
	}

	@Test
	void transportSaysThatItCan() {
		assertThat(this.transport.capabilities().has(TransportCapabilities.Feature.IMPERSONATION)).isTrue();
		this.transport.verifyImpersonation();
	}

	@Test
	void filesOpenAsTheyWouldForTheClient() throws Exception {
		Path alices = file("alice", OtherUsers.ALICE, OtherUsers.ALICE, "rw-------");
		Path roots = file("root", 0, 0, "rw-------");
		Path shared = file("shared", 0, OtherUsers.SHARED_GROUP, "rw-r-----");
		assertThat(readAs(ALICE, alices)).isEqualTo("alice");
		assertThat(readAs(ALICE, roots)).isEqualTo("denied");
		assertThat(readAs(ALICE, shared)).isEqualTo("denied");
		assertThat(readAs(BOB, alices)).isEqualTo("denied");
		assertThat(readAs(BOB, shared)).isEqualTo("shared");
		assertThat(Files.readString(roots)).isEqualTo("root");
	}

	@Test
	void clientThatConnectedReadsThroughItsSupplementaryGroup() throws Exception {
		String primary = this.users.createGroup();
		String supplementary = this.users.createGroup();
		String name = this.users.createUser(primary, supplementary);
		Path shared = file("shared", 0, UnixIds.gidOf(supplementary).getAsInt(), "rw-r-----");
		Path own = file("own", UnixIds.uidOf(name).getAsInt(), 0, "rw-------");
		Path roots = file("root", 0, 0, "rw-------");
		PipeServerOptions options = PipeServerOptions.builder()
			.access(PipeAccess.allow(PipeAccess.AUTHENTICATED))
			.build();
		try (PipeServerChannel server = this.transport.bind(PipeAddress.of("np.act." + System.nanoTime()), options)) {
			Process process = this.users.call(this.transport.socketPath(server.address()), "--reuid=" + name,
					"--regid=" + primary, "--init-groups");
			try (PipeChannel channel = server.accept()) {
				Impersonation client = channel.impersonation();
				assertThat(client.isSwitchNeeded()).isTrue();
				assertThat(readAs(client, shared)).isEqualTo("shared");
				assertThat(readAs(client, own)).isEqualTo("own");
				assertThat(readAs(client, roots)).isEqualTo("denied");
				channel.write(ByteBuffer.wrap(new byte[1]));
			}
			assertThat(OtherUsers.line(process)).isEqualTo("served");
		}
	}

	@Test
	void filesMadeInTheScopeBelongToTheClient() throws Exception {
		Path open = Files.createDirectory(this.users.directory().resolve("open"));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		Impersonation.Scope scope = new UnixImpersonation(ALICE).enter();
		try {
			Files.createFile(open.resolve("new"));
		}
		finally {
			scope.leave();
		}
		assertThat(Files.getAttribute(open.resolve("new"), "unix:uid")).isEqualTo(OtherUsers.ALICE);
		assertThat(Files.getAttribute(open.resolve("new"), "unix:gid")).isEqualTo(OtherUsers.ALICE);
	}

	@Test
	void threadAndProcessAreWhatTheyWereAfterEveryScope() throws Exception {
		CredentialCalls calls = CredentialCalls.load();
		awaitDumpable(calls);
		String before = ThreadStatus.read();
		for (UnixUser user : List.of(ALICE, BOB)) {
			Impersonation.Scope scope = new UnixImpersonation(user).enter();
			assertThat(ThreadStatus.read()).isNotEqualTo(before)
				.contains("Uid: 0 0 0 " + user.uid())
				.contains("Gid: 0 0 0 " + user.gid())
				.contains("CapEff: 00000000000000c0");
			assertThat(calls.prctl(CredentialCalls.PR_GET_DUMPABLE, 0)).isZero();
			scope.leave();
			assertThat(ThreadStatus.read()).isEqualTo(before);
			assertThat(LinuxCredentials.isSwitched()).isFalse();
		}
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> {
			Impersonation.Scope scope = new UnixImpersonation(ALICE).enter();
			try {
				Files.readString(file0());
			}
			finally {
				scope.leave();
			}
		});
		assertThat(ThreadStatus.read()).isEqualTo(before);
		awaitDumpable(calls);
	}

	// As the JVM was started. Threads of other tests act as others now and then.
	private static void awaitDumpable(CredentialCalls calls) {
		while (calls.prctl(CredentialCalls.PR_GET_DUMPABLE, 0) != 1) {
			Thread.onSpinWait();
		}
	}

	private static Path file0() {
		return Path.of("/etc/shadow");
	}

	@Test
	void scopesNestAndOwnIdentityCanBeTakenOnInside() throws Exception {
		String before = ThreadStatus.read();
		Impersonation.Scope outer = new UnixImpersonation(ALICE).enter();
		String alice = ThreadStatus.read();
		Impersonation.Scope inner = new UnixImpersonation(BOB).enter();
		Impersonation.Scope own = new UnixImpersonation(user(0)).enter();
		assertThat(ThreadStatus.read()).contains("Uid: 0 0 0 0");
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(outer::leave);
		own.leave();
		inner.leave();
		assertThat(ThreadStatus.read()).isEqualTo(alice);
		outer.leave();
		assertThat(ThreadStatus.read()).isEqualTo(before);
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(outer::leave)
			.satisfies((ex) -> assertThat(ex.isThreadTainted()).isFalse());
	}

	@Test
	void otherThreadsKeepTheirIdentityMeanwhile() throws Exception {
		String before = ThreadStatus.read();
		CompletableFuture<String> other = new CompletableFuture<>();
		CompletableFuture<Void> switched = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			switched.join();
			try {
				other.complete(ThreadStatus.read());
			}
			catch (Exception ex) {
				other.completeExceptionally(ex);
			}
		});
		thread.start();
		Impersonation.Scope scope = new UnixImpersonation(ALICE).enter();
		switched.complete(null);
		String seen = other.get(20, TimeUnit.SECONDS);
		scope.leave();
		assertThat(seen).isEqualTo(before);
	}

	@Test
	void scopeOfAnotherThreadCannotBeLeft() throws Exception {
		// A thread that starts inside the scope would act as the client forever.
		ExecutorService other = Executors.newSingleThreadExecutor();
		other.submit(() -> {
		}).get();
		Impersonation.Scope scope = new UnixImpersonation(ALICE).enter();
		try {
			CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(scope::leave, other);
			assertThat(elsewhere.handle((result, ex) -> ex.getCause()).get(20, TimeUnit.SECONDS))
				.isInstanceOf(PipeImpersonationException.class);
		}
		finally {
			scope.leave();
		}
		other.shutdown();
	}

	@Test
	void ownUserNeedsNoSwitch() {
		Impersonation own = new UnixImpersonation(user(UnixProcess.self().euid()));
		assertThat(own.isSwitchNeeded()).isFalse();
		own.enter().leave();
	}

	@Test
	void idsThatAreNobodysAreRefused() {
		for (UnixUser user : List.of(user(UnixIds.INVALID), user(5, UnixIds.INVALID))) {
			assertThatExceptionOfType(PipeImpersonationException.class)
				.isThrownBy(() -> new UnixImpersonation(user).enter());
		}
	}

	@Test
	void virtualThreadIsRefused() throws Exception {
		assumeTrue(Runtime.version().feature() >= 21, "needs Java 21, for virtual threads");
		for (UnixUser user : List.of(ALICE, user(UnixProcess.self().euid()))) {
			CompletableFuture<Throwable> outcome = new CompletableFuture<>();
			Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) () -> {
				try {
					new UnixImpersonation(user).enter().leave();
					outcome.complete(null);
				}
				catch (Throwable ex) {
					outcome.complete(ex);
				}
			});
			assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(PipeImpersonationException.class)
				.hasMessageContaining("virtual thread");
		}
	}

	@Test
	void manyThreadsOfTwoUsersNeverActAsTheWrongOne() throws Exception {
		Path alices = file("alice", OtherUsers.ALICE, OtherUsers.ALICE, "rw-------");
		Path bobs = file("bob", OtherUsers.BOB, OtherUsers.BOB, "rw-------");
		Path roots = file("root", 0, 0, "rw-------");
		AtomicInteger wrongIdentities = new AtomicInteger();
		AtomicInteger wrongRefusals = new AtomicInteger();
		List<CompletableFuture<Void>> results = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int seed = i;
			results.add(run(() -> {
				for (int scope = 0; scope < 2 * SCOPES; scope++) {
					boolean alice = (scope + seed) % 2 == 0;
					UnixUser user = alice ? ALICE : BOB;
					if (!readAs(user, alice ? alices : bobs).equals(alice ? "alice" : "bob")) {
						wrongRefusals.incrementAndGet();
					}
					if (scope % 16 == seed && !readAs(user, alice ? bobs : roots).equals("denied")) {
						wrongIdentities.incrementAndGet();
					}
					if (scope % 16 == seed && !Files.readString(roots).equals("root")) {
						wrongRefusals.incrementAndGet();
					}
				}
				return null;
			}));
		}
		for (CompletableFuture<Void> result : results) {
			result.get(170, TimeUnit.SECONDS);
		}
		assertThat(wrongIdentities).hasValue(0);
		assertThat(wrongRefusals).hasValue(0);
	}

	private static CompletableFuture<Void> run(java.util.concurrent.Callable<Void> body) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		new Thread(() -> {
			try {
				result.complete(body.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}).start();
		return result;
	}

	private static String readAs(UnixUser peer, Path file) throws Exception {
		return readAs(new UnixImpersonation(peer), file);
	}

	private static String readAs(Impersonation impersonation, Path file) throws Exception {
		Impersonation.Scope scope = impersonation.enter();
		try {
			return Files.readString(file);
		}
		catch (AccessDeniedException ex) {
			return "denied";
		}
		finally {
			scope.leave();
		}
	}

	private Path file(String name, int uid, int gid, String permissions) throws Exception {
		Path file = Files.writeString(this.users.directory().resolve(name), name);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
		Files.setAttribute(file, "unix:uid", uid);
		Files.setAttribute(file, "unix:gid", gid);
		return file;
	}

}
