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

package io.namedpipe.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The places of a pool, and the connections that take them.
 */
@Timeout(120)
class PooledConnectionTests {

	private final Deadlines deadlines = new Deadlines("test");

	private final List<FakeSession> sessions = new ArrayList<>();

	private volatile int closed;

	private boolean connectFails;

	private ConnectionPool pool = pool(2, Duration.ofHours(1), Duration.ofMillis(20));

	@AfterEach
	void close() {
		this.deadlines.close();
	}

	private ConnectionPool pool(int size, Duration idle, Duration acquire) {
		return new ConnectionPool("files", new PipePoolOptions(size, idle, acquire), this::connect);
	}

	private PooledConnection connect(ConnectionPool owner) {
		if (this.connectFails) {
			throw new PipeException("no server");
		}
		ScriptedChannel channel = new ScriptedChannel();
		PooledConnection[] made = new PooledConnection[1];
		FakeSession session = new FakeSession();
		this.sessions.add(session);
		made[0] = new PooledConnection(
				owner, new ClientConnection(Pipes.uniqueAddress(), channel,
						this.deadlines.watch(() -> made[0].expired()), Duration.ZERO, Duration.ZERO),
				session, () -> this.closed++);
		return made[0];
	}

	// By another thread than the one before: nothing stays locked.
	private PooledConnection acquire(boolean fresh) {
		CompletableFuture<PooledConnection> acquired = Background.run(() -> this.pool.acquire(fresh));
		try {
			return Background.get(acquired);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void connectionThatWasUsedLastIsUsedAgain() {
		PooledConnection first = acquire(false);
		PooledConnection second = acquire(false);
		assertThat(second).isNotSameAs(first);
		assertThat(first.isReused()).isFalse();
		first.release();
		second.release();
		assertThat(acquire(false)).isSameAs(second);
		assertThat(second.isReused()).isTrue();
		assertThat(acquire(false)).isSameAs(first);
		assertThat(this.closed).isZero();
	}

	@Test
	void fullPoolHasNoPlaceInTheTimeThatIsGiven() {
		acquire(false);
		acquire(true);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> acquire(false))
			.withMessageStartingWith(
					"All 2 connections to the pipe 'files' are in use, and none came free within 20 ms (pool.acquire-timeout)");
	}

	@Test
	void placeThatComesFreeIsTaken() throws Exception {
		this.pool = pool(1, Duration.ofHours(1), Duration.ofHours(1));
		PooledConnection first = acquire(false);
		CompletableFuture<PooledConnection> waiting = waiting();
		first.release();
		assertThat(Background.get(waiting)).isSameAs(first);
		CompletableFuture<PooledConnection> next = waiting();
		this.sessions.get(0).reusable = false;
		first.release();
		assertThat(Background.get(next)).isNotSameAs(first);
		assertThat(this.sessions.get(0).closes).isOne();
	}

	@Test
	void connectThatFailsGivesItsPlaceBackToOneThatWaits() throws Exception {
		this.connectFails = true;
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> acquire(false)).withMessage("no server");
		}
		this.connectFails = false;
		acquire(false);
		acquire(false);
	}

	@Test
	void placeOfAConnectThatFailsIsTakenByOneThatWaits() throws Exception {
		CountDownLatch connecting = new CountDownLatch(1);
		CountDownLatch failing = new CountDownLatch(1);
		this.pool = new ConnectionPool("files", new PipePoolOptions(1, Duration.ofHours(1), Duration.ofHours(1)),
				(owner) -> {
					if (connecting.getCount() > 0) {
						connecting.countDown();
						awaitUninterruptibly(failing);
						throw new PipeException("no server");
					}
					return connect(owner);
				});
		CompletableFuture<PooledConnection> failed = Background.run(() -> this.pool.acquire(false));
		connecting.await();
		CompletableFuture<PooledConnection> waiting = waiting();
		failing.countDown();
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> Background.get(failed));
		assertThat(Background.get(waiting).isReused()).isFalse();
	}

	// Waits for a place.
	private CompletableFuture<PooledConnection> waiting() throws Exception {
		CompletableFuture<Thread> waiter = new CompletableFuture<>();
		CompletableFuture<PooledConnection> waiting = Background.run(() -> {
			waiter.complete(Thread.currentThread());
			return this.pool.acquire(false);
		});
		Thread thread = Background.get(waiter);
		await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return waiting;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (latch.getCount() > 0) {
			Thread.onSpinWait();
		}
	}

	@Test
	void newConnectionTakesThePlaceOfAKeptOneIfThePoolIsFull() {
		PooledConnection first = acquire(false);
		PooledConnection second = acquire(false);
		first.release();
		PooledConnection fresh = acquire(true);
		assertThat(fresh).isNotSameAs(first);
		assertThat(this.sessions.get(0).closes).isOne();
		assertThat(this.sessions.get(1).closes).isZero();
		fresh.release();
		second.release();
		assertThat(acquire(false)).isSameAs(second);
	}

	@Test
	void newConnectionLeavesKeptOnesAloneIfThereIsAPlace() {
		acquire(false).release();
		acquire(true);
		assertThat(this.sessions).hasSize(2);
		assertThat(this.closed).isZero();
	}

	@Test
	void keptConnectionThatCannotBeUsedAnyMoreIsReplaced() {
		PooledConnection first = acquire(false);
		first.release();
		this.sessions.get(0).reusable = false;
		assertThat(acquire(false)).isNotSameAs(first);
		assertThat(this.closed).isOne();
		acquire(false);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> acquire(false));
	}

	@Test
	void connectionIsNotKeptWithoutAnIdleTime() {
		this.pool = pool(1, Duration.ZERO, Duration.ofMillis(20));
		acquire(false).release();
		assertThat(this.closed).isOne();
		acquire(false).release();
		assertThat(this.closed).isEqualTo(2);
	}

	@Test
	void idleConnectionExpiresAndGivesItsPlaceBack() {
		this.pool = pool(1, Duration.ofMillis(30), Duration.ofMillis(20));
		PooledConnection first = acquire(false);
		first.release();
		await().until(() -> this.closed == 1);
		assertThat(first.connection().channel().isOpen()).isFalse();
		assertThat(acquire(false)).isNotSameAs(first);
	}

	@Test
	void placesOfConnectionsThatAreGoneAreAllFree() {
		// Of one connection that is not kept, and of one that expires.
		for (Duration idle : List.of(Duration.ZERO, Duration.ofMillis(30))) {
			this.closed = 0;
			this.pool = pool(2, idle, Duration.ofMillis(20));
			acquire(false).release();
			await().until(() -> this.closed == 1);
			acquire(false);
			acquire(false);
			assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> acquire(false));
		}
	}

	@Test
	void connectionInUseDoesNotExpireAsAnIdleOne() {
		this.pool = pool(1, Duration.ofSeconds(2), Duration.ofMillis(20));
		PooledConnection first = acquire(false);
		first.connection().deadline().limitTotal("The request", Duration.ofSeconds(2), "total-timeout");
		first.release();
		PooledConnection again = acquire(false);
		await().during(Duration.ofMillis(2100)).until(() -> this.closed == 0);
		// Neither does the limit of the request before go on.
		assertThat(again.connection().channel().isOpen()).isTrue();
	}

	@Test
	void connectionThatIsReleasedTwiceHasOnePlace() {
		PooledConnection first = acquire(false);
		first.release();
		first.release();
		assertThat(this.sessions.get(0).closes).isOne();
	}

	@Test
	void closedPoolClosesItsConnectionsAndGivesNone() throws Exception {
		this.pool = pool(2, Duration.ofHours(1), Duration.ofHours(1));
		PooledConnection used = acquire(false);
		acquire(false).release();
		acquire(true);
		CompletableFuture<PooledConnection> waiting = waiting();
		this.pool.close();
		assertThat(this.sessions).allSatisfy((session) -> assertThat(session.closes).isOne());
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(waiting))
			.withMessage("The client of the pipe 'files' is closed");
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> acquire(false));
		used.release();
		assertThat(this.sessions.get(0).closes).isOne();
	}

	@Test
	void connectionThatIsMadeWhileThePoolIsClosedIsClosed() {
		ConnectionPool closing = new ConnectionPool("files", PipePoolOptions.defaults(), (owner) -> {
			owner.close();
			return connect(owner);
		});
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> closing.acquire(false));
		assertThat(this.closed).isOne();
	}

	@Test
	void waitCanBeInterrupted() throws Exception {
		this.pool = pool(1, Duration.ofHours(1), Duration.ofSeconds(20));
		acquire(false);
		CompletableFuture<Thread> waiter = new CompletableFuture<>();
		CompletableFuture<Boolean> interrupted = Background.run(() -> {
			waiter.complete(Thread.currentThread());
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> this.pool.acquire(false))
				.withMessageContaining("interrupted");
			return Thread.currentThread().isInterrupted();
		});
		Background.get(waiter).interrupt();
		assertThat(Background.get(interrupted)).isTrue();
	}

	private static final class FakeSession implements ClientSession {

		private boolean reusable = true;

		private int closes;

		@Override
		public PipeReply exchange(PipeRequest request) {
			return PipeReply.empty();
		}

		@Override
		public boolean isReusable() {
			return this.reusable;
		}

		@Override
		public void close() {
			this.closes++;
		}

	}

}
