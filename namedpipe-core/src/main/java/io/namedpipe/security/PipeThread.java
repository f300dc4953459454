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

package io.namedpipe.security;

import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * A platform thread of this library. It can take on a client's identity, because no other
 * code runs on it at the same time.
 *
 * @since 0.1.0
 */
public final class PipeThread extends Thread {

	private final ReentrantLock interruptLock = new ReentrantLock();

	// Guarded by the lock of interrupts.
	private boolean interruptsIgnored;

	private volatile boolean tainted;

	/** The scopes of clients that the thread is in, for the thread itself. */
	private int scopes;

	/**
	 * Create the thread.
	 * @param body what it runs
	 * @param name its name
	 */
	public PipeThread(Runnable body, String name) {
		super(body, name);
		// Otherwise it is what the starting thread is.
		setDaemon(false);
	}

	/**
	 * Let the calling thread ignore interrupts, until {@link #receiveInterrupts()}. An
	 * interrupt is meant for the work for one client: between clients it would end the
	 * wait for the next one, or reach the handler of the next one. Clears the interrupt
	 * status. A virtual thread goes on receiving interrupts.
	 */
	public static void ignoreInterrupts() {
		setInterruptsIgnored(true);
	}

	/**
	 * Let the calling thread receive interrupts again.
	 */
	public static void receiveInterrupts() {
		setInterruptsIgnored(false);
	}

	private static void setInterruptsIgnored(boolean ignored) {
		if (Thread.currentThread() instanceof PipeThread thread) {
			thread.interruptLock.lock();
			try {
				thread.interruptsIgnored = ignored;
			}
			finally {
				thread.interruptLock.unlock();
			}
		}
		Thread.interrupted();
	}

	@Override
	public void interrupt() {
		this.interruptLock.lock();
		try {
			if (!this.interruptsIgnored) {
				super.interrupt();
			}
		}
		finally {
			this.interruptLock.unlock();
		}
	}

	/**
	 * Whether the thread may still have a client's identity and must end.
	 * @return {@code true} if restoring its own identity has failed
	 */
	public boolean isTainted() {
		return this.tainted;
	}

	void taint() {
		this.tainted = true;
	}

	void entered() {
		this.scopes++;
	}

	void left() {
		this.scopes--;
	}

	/**
	 * Whether the calling thread has the identity of a client at the moment.
	 * @return {@code true} within the scope of a client
	 */
	public static boolean isActingAsClient() {
		return Thread.currentThread() instanceof PipeThread thread && thread.scopes > 0;
	}

	/**
	 * Check that the calling thread, virtual threads included, has the identity of the
	 * process before it works with the rights of the process.
	 * @param exchange what the thread is about to handle
	 * @throws IdentityNotRestoredError if it has another identity
	 */
	public static void requireOwnIdentity(PipeExchange exchange) {
		try {
			exchange.requireOwnIdentity();
		}
		catch (PipeImpersonationException ex) {
			if (Thread.currentThread() instanceof PipeThread thread) {
				thread.taint();
			}
			throw new IdentityNotRestoredError(ex);
		}
	}

	/**
	 * Check that the calling thread may be used for other work.
	 * @throws IdentityNotRestoredError if it may still have a client's identity
	 */
	public static void requireUntainted() {
		if (Thread.currentThread() instanceof PipeThread thread && thread.isTainted()) {
			throw new IdentityNotRestoredError(new IllegalStateException("the error was swallowed by a handler"));
		}
	}

}
