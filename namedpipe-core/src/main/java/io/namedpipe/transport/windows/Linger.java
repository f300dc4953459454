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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Pointer;

/**
 * Waits until a client has read what was written to it ({@code FlushFileBuffers}), for
 * some time only: the call itself waits as long as the client likes.
 */
final class Linger {

	private Linger() {
	}

	/**
	 * Give the client its time, then disconnect it ({@code DisconnectNamedPipe}), which
	 * throws away what it has not read and ends the waiting.
	 * @param pipe the server's end
	 * @param written whether anything was written
	 * @param limit how long to wait
	 */
	static void disconnect(Pointer pipe, boolean written, Duration limit) {
		if (!written || limit.isZero()) {
			Kernel32Calls.DisconnectNamedPipe(pipe);
			return;
		}
		CountDownLatch flushed = new CountDownLatch(1);
		Thread thread = new Thread(() -> {
			Kernel32Calls.FlushFileBuffers(pipe);
			flushed.countDown();
		}, "namedpipe-flush");
		thread.setDaemon(true);
		thread.start();
		boolean interrupted = false;
		try {
			flushed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		Kernel32Calls.DisconnectNamedPipe(pipe);
		while (thread.isAlive()) {
			// The handle must not be used again while the other thread is inside.
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
