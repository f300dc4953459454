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

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * A server process that acts as a client, and starts threads meanwhile, on purpose or by
 * waking virtual threads. Prints the outcome in one line, and in a second one how many of
 * its threads have the client's identity.
 */
public final class InheritedIdentityProgram {

	private static final int WAITERS = 4;

	private static final int PATIENCE_SECONDS = 20;

	private final Impersonation impersonation = new UnixImpersonation(
			new UnixUser(OtherUsers.ALICE, OtherUsers.ALICE, new int[0], "alice", new FakeUserDatabase()));

	private final ExecutorService worker = Executors.newFixedThreadPool(1, (body) -> new Thread(body, "np-worker"));

	private final AtomicBoolean over = new AtomicBoolean();

	private InheritedIdentityProgram() {
	}

	/**
	 * Run.
	 * @param args {@code executor} or {@code in-place}; {@code worker} or
	 * {@code carriers}
	 */
	public static void main(String[] args) throws Exception {
		InheritedIdentityProgram program = new InheritedIdentityProgram();
		new UnixPipeTransport().verifyImpersonation();
		ScopeBody body = args[1].equals("worker") ? program.workers() : program.carriers();
		System.out.println(args[0].equals("executor") ? program.runByExecutor(body) : program.runInPlace(body));
		System.out.println("strays " + new StrayThreads(ImpersonationSupport.require()).find());
		program.end();
	}

	private void end() throws InterruptedException {
		this.over.set(true);
		this.worker.shutdown();
		System.exit(0);
	}

	private String runByExecutor(ScopeBody body) throws Exception {
		CompletableFuture<String> outcome = new CompletableFuture<>();
		ImpersonationExecutor executor = new ImpersonationExecutor(2);
		// As a thread that serves a pipe.
		new PipeThread(
				() -> outcome.complete(outcome(() -> executor.call(this.impersonation, body.body(), (task) -> task))),
				"np-serving")
			.start();
		body.meanwhile().run();
		return get(outcome) + ", " + body.after().call();
	}

	private String runInPlace(ScopeBody body) throws Exception {
		CompletableFuture<String> outcome = new CompletableFuture<>();
		new Thread(() -> outcome.complete(outcome(() -> {
			Impersonation.Scope scope = this.impersonation.enter();
			try {
				return body.body().call();
			}
			finally {
				scope.leave();
			}
		})), "np-scope").start();
		body.meanwhile().run();
		return get(outcome) + ", " + body.after().call() + ", then " + outcome(() -> {
			this.impersonation.enter().leave();
			return "again";
		});
	}

	private static String get(CompletableFuture<String> outcome) throws Exception {
		return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	private static String outcome(Callable<String> body) {
		try {
			return body.call();
		}
		catch (PipeImpersonationException ex) {
			return (ex.isThreadTainted() ? "tainted: " : "refused: ") + ex.getMessage();
		}
		catch (Throwable ex) {
			return ex.toString();
		}
	}

	private ScopeBody workers() {
		return new ScopeBody(() -> {
			this.worker.submit(() -> "done");
			return "started";
		}, () -> {
		}, () -> "");
	}

	// Virtual threads that wait for locks of the scope's thread, with every carrier busy:
	// each unlock asks for one more carrier.
	private ScopeBody carriers() {
		List<ReentrantLock> locks = Stream.generate(ReentrantLock::new).limit(WAITERS).toList();
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch ready = new CountDownLatch(1);
		CountDownLatch passed = new CountDownLatch(WAITERS);
		return new ScopeBody(() -> {
			locks.forEach(ReentrantLock::lock);
			held.countDown();
			ready.await();
			locks.forEach(ReentrantLock::unlock);
			return "unlocked";
		}, () -> {
			await(held);
			locks.forEach((lock) -> startVirtual(() -> {
				lock.lock();
				lock.unlock();
				passed.countDown();
			}));
			while (!locks.stream().allMatch(ReentrantLock::hasQueuedThreads)) {
				Thread.onSpinWait();
			}
			long count = countCarriers();
			for (int i = 0; i < count; i++) {
				keepCarrierBusy();
			}
			ready.countDown();
		}, () -> {
			boolean all = passed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
			return (all ? "all" : "not all") + " passed";
		});
	}

	private static long countCarriers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ForkJoinPool-"))
			.count();
	}

	private void keepCarrierBusy() {
		CountDownLatch busy = new CountDownLatch(1);
		startVirtual(() -> {
			busy.countDown();
			while (!this.over.get()) {
				Thread.onSpinWait();
			}
		});
		await(busy);
	}

	private static void await(CountDownLatch latch) {
		try {
			if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("It takes too long");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void startVirtual(Runnable body) {
		try {
			Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What runs in the scope, on the main thread meanwhile, and on it afterwards.
	 */
	private record ScopeBody(Callable<String> body, Runnable meanwhile, Callable<String> after) {
	}

}
