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

package io.namedpipe.listener;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time wait for a client, while the others serve or rest.
 * <p>
 * Waking a thread costs a good part of what a short request costs. So a thread that
 * leaves to serve wakes another one only while few are serving; beyond that it leaves the
 * turn to whoever is done first, which wakes nobody. Should they all be slow, a guard
 * notices within two milliseconds and takes the turn, and for a while every thread that
 * leaves wakes another one again.
 */
final class AcceptTurns {

	private static final long GUARD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int GUARD_IDLE_ROUNDS = 20;

	private static final long EAGER_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final int maxResting;

	private final int maxEager;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Resting> resting = new ArrayDeque<>();

	private boolean taken;

	private boolean guarded;

	private boolean over;

	private int serving;

	private int turn;

	private long slowAt = System.nanoTime() - EAGER_NANOS;

	/**
	 * Create the turns.
	 * @param maxResting the most threads that rest
	 * @param maxEager with so many threads serving, a thread that leaves still wakes
	 * another one
	 */
	AcceptTurns(int maxResting, int maxEager) {
		this.maxResting = maxResting;
		this.maxEager = maxEager;
	}

	/**
	 * Wait for the turn.
	 * @return whether it is this thread's turn; {@code false} if there are no more turns,
	 * or enough threads rest without this one
	 */
	boolean take() {
		Resting self;
		this.lock.lock();
		try {
			if (this.over) {
				return false;
			}
			if (takeNow()) {
				return true;
			}
			if (this.resting.size() >= this.maxResting) {
				return false;
			}
			self = new Resting(Thread.currentThread());
			this.resting.push(self);
		}
		finally {
			this.lock.unlock();
		}
		while (true) {
			Call call = self.await();
			if (call == Call.GUARD) {
				call = guard(self);
			}
			if (call != Call.REST) {
				return call == Call.TURN;
			}
		}
	}

	private boolean takeNow() {
		if (this.taken) {
			return false;
		}
		this.taken = true;
		this.turn++;
		return true;
	}

	/**
	 * Leave the turn to others, in order to serve.
	 * @return whether somebody will take it; {@code false} if a thread has to be started
	 */
	boolean leave() {
		Resting next;
		Call call;
		this.lock.lock();
		try {
			this.serving++;
			boolean lazy = this.serving > this.maxEager && System.nanoTime() - this.slowAt > EAGER_NANOS;
			if (lazy && this.guarded) {
				this.taken = false;
				return true;
			}
			next = this.resting.poll();
			if (next == null) {
				this.taken = false;
				return false;
			}
			if (lazy) {
				this.taken = false;
				this.guarded = true;
				call = Call.GUARD;
			}
			else {
				this.turn++;
				call = Call.TURN;
			}
		}
		finally {
			this.lock.unlock();
		}
		next.call(call);
		return true;
	}

	/**
	 * Say that what {@link #leave()} was for is done.
	 */
	void done() {
		this.lock.lock();
		try {
			this.serving--;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Call guard(Resting self) {
		int seen = -1;
		int idle = 0;
		while (true) {
			LockSupport.parkNanos(this, GUARD_NANOS);
			this.lock.lock();
			try {
				if (this.over) {
					return Call.END;
				}
				idle = (seen == this.turn) ? idle + 1 : 0;
				seen = this.turn;
				if (idle > 0 && takeNow()) {
					this.slowAt = System.nanoTime();
					this.guarded = false;
					return Call.TURN;
				}
				if (idle == GUARD_IDLE_ROUNDS) {
					this.guarded = false;
					self.reset();
					this.resting.push(self);
					return Call.REST;
				}
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * No more turns: threads that rest are told so.
	 */
	void end() {
		Deque<Resting> all;
		this.lock.lock();
		try {
			this.over = true;
			all = new ArrayDeque<>(this.resting);
			this.resting.clear();
		}
		finally {
			this.lock.unlock();
		}
		all.forEach((thread) -> thread.call(Call.END));
	}

	/**
	 * What a thread is to do.
	 */
	private enum Call {

		TURN, GUARD, REST, END

	}

	/**
	 * A thread that rests until it is called.
	 */
	private static final class Resting {

		private final Thread thread;

		private volatile @Nullable Call call;

		Resting(Thread thread) {
			this.thread = thread;
		}

		void reset() {
			this.call = null;
		}

		Call await() {
			Call answer;
			while ((answer = this.call) == null) {
				LockSupport.park(this);
				// An interrupt would end every later park at once.
				Thread.interrupted();
			}
			return answer;
		}

		void call(Call reason) {
			this.call = reason;
			LockSupport.unpark(this.thread);
		}

	}

}
