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

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.transport.Impersonation;

/**
 * A server process whose threads, virtual ones where there are, act as two clients in
 * turns and as the server in between, and all write to one log that stalls again and
 * again. Says how often a file was read that should not be, and refused that should not
 * be.
 */
public final class ScopeRaceProgram {

	private static final int THREADS = 16;

	private static final long STALL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	private final ImpersonationExecutor executor = new ImpersonationExecutor(8);

	private final ReentrantLock log = new ReentrantLock();

	private final AtomicInteger leaked = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger broken = new AtomicInteger();

	private final Path directory;

	private ScopeRaceProgram(Path directory) {
		this.directory = directory;
	}

	/**
	 * Run.
	 * @param args the directory of the files, which have the names of their users' ids,
	 * and the number of requests
	 */
	public static void main(String[] args) throws Exception {
		new UnixPipeTransport().verifyImpersonation();
		ScopeRaceProgram race = new ScopeRaceProgram(Path.of(args[0]));
		race.run(Integer.parseInt(args[1]) / THREADS);
		System.out.println("leaked %s refused %s broken %s".formatted(race.leaked, race.refused, race.broken));
		System.out.println("strays " + new StrayThreads(ImpersonationSupport.require()).find());
		System.exit(0);
	}

	private void run(int requests) throws Exception {
		ThreadFactory factory = factory();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			boolean even = i % 2 == 0;
			Thread thread = factory.newThread(() -> {
				for (int request = 0; request < requests; request++) {
					handle(even ? OtherUsers.ALICE : OtherUsers.BOB, even ? OtherUsers.BOB : OtherUsers.ALICE);
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
	}

	private static ThreadFactory factory() throws Exception {
		if (Runtime.version().feature() < 21) {
			return Thread::new;
		}
		Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
		return (ThreadFactory) Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
	}

	private void handle(int client, int other) {
		Impersonation impersonation = new UnixImpersonation(
				new UnixUser(client, client, new int[0], "client", new FakeUserDatabase()));
		try {
			expect(0, true);
			this.executor.call(impersonation, () -> {
				writeLog();
				expect(client, true);
				expect(other, false);
				expect(0, false);
				writeLog();
				return "";
			}, (task) -> task);
			writeLog();
			expect(0, true);
		}
		catch (Throwable ex) {
			if (this.broken.incrementAndGet() == 1) {
				ex.printStackTrace();
			}
		}
	}

	private void writeLog() {
		this.log.lock();
		try {
			LockSupport.parkNanos(STALL_NANOS);
		}
		finally {
			this.log.unlock();
		}
	}

	private void expect(int owner, boolean readable) throws IOException {
		try {
			Files.readString(this.directory.resolve(Integer.toString(owner)));
			if (!readable) {
				this.leaked.incrementAndGet();
			}
		}
		catch (AccessDeniedException ex) {
			if (readable) {
				this.refused.incrementAndGet();
			}
		}
	}

}
