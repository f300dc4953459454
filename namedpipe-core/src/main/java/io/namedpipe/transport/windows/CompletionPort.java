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

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeException;

/**
 * The completion port of a transport ({@code CreateIoCompletionPort}), and the daemon
 * platform thread that takes packets from it ({@code GetQueuedCompletionStatusEx}). A
 * packet that belongs to no operation is dropped, and its address is never dereferenced.
 * If the port fails, pending operations still complete, and listeners are told.
 */
final class CompletionPort {

	private static final Logger logger = System.getLogger(CompletionPort.class.getName());

	private static final int BATCH = 64;

	private static final int ENTRY_SIZE = 4 * Native.POINTER_SIZE;

	private static final byte SKIP_PORT_ON_SUCCESS = 1;

	private static final byte SKIP_EVENT = 2;

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final Pointer port;

	private final ConcurrentMap<Long, Operation> operations = new ConcurrentHashMap<>();

	private final Set<Runnable> failureListeners = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Throwable failure;

	private volatile boolean closed;

	CompletionPort() {
		Pointer created = Kernel32Calls.CreateIoCompletionPort(Kernel32Calls.INVALID_HANDLE, null, null, 1);
		if (created == null) {
			throw Win32.lastFailure("The completion port could not be created");
		}
		this.port = created;
		PlatformThreads.daemon("namedpipe-completions", this::run).start();
	}

	/**
	 * Associate a handle with the port.
	 * @param handle the handle, just opened
	 * @param messages whether it reads messages. When packets for successes are skipped,
	 * it depends on the version of Windows whether one comes for a read of a part of a
	 * message, which ends at once with a warning. Such a handle skips none.
	 * @return the guarded handle
	 */
	PipeHandle associate(Pointer handle, boolean messages) {
		if (this.failure != null) {
			throw new PipeException("The completion port has failed", this.failure);
		}
		if (Kernel32Calls.CreateIoCompletionPort(handle, this.port, null, 0) == null) {
			throw Win32.lastFailure("The pipe could not be associated with the completion port");
		}
		boolean inline = !messages
				&& Kernel32Calls.SetFileCompletionNotificationModes(handle, (byte) (SKIP_PORT_ON_SUCCESS | SKIP_EVENT));
		return new PipeHandle(handle, inline);
	}

	void register(Operation operation) {
		this.operations.put(operation.address(), operation);
	}

	void unregister(Operation operation) {
		this.operations.remove(operation.address());
	}

	void addFailureListener(Runnable listener) {
		this.failureListeners.add(listener);
	}

	void removeFailureListener(Runnable listener) {
		this.failureListeners.remove(listener);
	}

	// Why packets are not taken any more, null while they are.
	@Nullable Throwable failure() {
		return this.failure;
	}

	private void run() {
		try (Memory entries = new Memory((long) BATCH * ENTRY_SIZE); Memory removed = new Memory(Integer.BYTES)) {
			boolean open = true;
			while (open && this.failure == null) {
				open = takePackets(entries, removed);
			}
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
		while (this.failure != null && !(this.closed && this.operations.isEmpty())) {
			this.operations.values().forEach((operation) -> deliver(operation::poll));
			LockSupport.parkNanos(POLL_NANOS);
		}
		if (this.failure == null) {
			Kernel32Calls.CloseHandle(this.port);
		}
	}

	// Returns false for the packet of close().
	private boolean takePackets(Memory entries, Memory removed) {
		if (!Kernel32Calls.GetQueuedCompletionStatusEx(this.port, entries, BATCH, removed, WinBase.INFINITE, false)) {
			throw Win32.lastFailure("Waiting for completions failed");
		}
		int count = removed.getInt(0);
		for (int i = 0; i < count; i++) {
			long entry = (long) i * ENTRY_SIZE;
			Pointer overlapped = entries.getPointer(entry + Native.POINTER_SIZE);
			if (overlapped == null) {
				return false;
			}
			complete(Pointer.nativeValue(overlapped), entries.getInt(entry + 3L * Native.POINTER_SIZE));
		}
		return true;
	}

	// After the next packet, no more are taken.
	void fail(Throwable reason) {
		this.failure = reason;
		logger.log(Level.ERROR, "The completion port has failed; nothing is listened on any more", reason);
		this.failureListeners.forEach(Runnable::run);
	}

	private void complete(long address, int bytes) {
		Operation operation = this.operations.get(address);
		deliver(() -> {
			if (operation == null || !operation.complete(bytes)) {
				logger.log(Level.WARNING, "A completion for an unknown operation was dropped");
			}
		});
	}

	private static void deliver(Runnable completion) {
		try {
			completion.run();
		}
		catch (RuntimeException ex) {
			logger.log(Level.ERROR, "A completion could not be delivered", ex);
		}
	}

	/**
	 * End the thread ({@code PostQueuedCompletionStatus}). All handles must be closed.
	 */
	void close() {
		this.closed = true;
		Kernel32Calls.PostQueuedCompletionStatus(this.port, 0, null, null);
	}

}
