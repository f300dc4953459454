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

package io.namedpipe.platform;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import org.jspecify.annotations.Nullable;

/**
 * Makes platform threads, and tells them from virtual threads, which have no identity of
 * their own in the operating system.
 *
 * @since 0.1.0
 */
public final class PlatformThreads {

	private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

	private static final @Nullable MethodHandle START_VIRTUAL = findStartVirtual();

	private PlatformThreads() {
	}

	/**
	 * Make a thread that does not keep the JVM alive.
	 * @param name the name of the thread
	 * @param task what it runs
	 * @return the thread, not started
	 */
	public static Thread daemon(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Whether a thread is virtual.
	 * @param thread the thread
	 * @return {@code true} if it is
	 */
	public static boolean isVirtual(Thread thread) {
		if (IS_VIRTUAL == null) {
			return false;
		}
		try {
			return (boolean) IS_VIRTUAL.invokeExact(thread);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Whether this JVM has virtual threads.
	 * @return {@code true} since Java 21
	 */
	public static boolean hasVirtualThreads() {
		return IS_VIRTUAL != null;
	}

	/**
	 * Start a virtual thread that does nothing, so that the JVM starts a carrier for
	 * virtual threads that wait for one because the thread that woke them could not start
	 * it. Without effect before Java 21.
	 */
	public static void wakeCarriers() {
		if (START_VIRTUAL != null) {
			try {
				START_VIRTUAL.invoke((Runnable) () -> {
				});
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private static @Nullable MethodHandle findIsVirtual() {
		try {
			return MethodHandles.publicLookup()
				.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
		}
		catch (ReflectiveOperationException ex) {
			// Before Java 21.
			return null;
		}
	}

	private static @Nullable MethodHandle findStartVirtual() {
		try {
			return MethodHandles.publicLookup()
				.findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

}
