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

package io.namedpipe.posix;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * File descriptors by their numbers, which the JDK does not show.
 *
 * @since 0.1.0
 */
public final class Descriptors {

	/** {@code O_CLOEXEC} on the machines that {@link SystemCall} knows. */
	private static final long CLOSE_ON_EXEC = 02000000;

	static final int SO_TYPE = 3;

	static final int SO_ACCEPTCONN = 30;

	static final int SO_DOMAIN = 39;

	private static final int SOL_SOCKET = 1;

	private Descriptors() {
	}

	/**
	 * Whether {@link #pipe()} can work here: JNA loads, and the numbers of the system
	 * calls are known.
	 * @return {@code true} on Linux with JNA
	 */
	public static boolean isUsable() {
		return SystemCall.isUsable();
	}

	/**
	 * Make a pipe ({@code pipe2}) that no other program inherits.
	 * @return the end to read and the end to write
	 * @throws IOException if there are no descriptors left
	 */
	public static Pipe pipe() throws IOException {
		SystemCall.require();
		NativeMemory ends = new NativeMemory(2 * Integer.BYTES);
		if (LibC.syscall(SystemCall.PIPE2.number(), ends.address(), CLOSE_ON_EXEC) < 0) {
			throw new IOException("A pipe cannot be made: " + Errno.describe(Errno.last()));
		}
		var numbers = ends.buffer().order(ByteOrder.nativeOrder());
		return new Pipe(numbers.getInt(0), numbers.getInt(Integer.BYTES));
	}

	// The value of an option of SOL_SOCKET, or -1 if the descriptor is no socket.
	static int socketOption(int descriptor, int option) {
		NativeMemory memory = new NativeMemory(2 * Integer.BYTES);
		memory.buffer().putInt(Integer.BYTES, Integer.BYTES);
		int result = LibC.getsockopt(descriptor, SOL_SOCKET, option, memory.address(),
				memory.address() + Integer.BYTES);
		return (result == 0) ? memory.buffer().getInt(0) : -1;
	}

	/**
	 * Let a number mean what another one means ({@code dup2}).
	 * @param descriptor what the number shall mean
	 * @param number the number, whose old meaning is closed
	 * @throws IOException if the descriptor is not open
	 */
	public static void duplicate(int descriptor, int number) throws IOException {
		Jna.require();
		if (LibC.dup2(descriptor, number) < 0) {
			throw notDuplicated(descriptor);
		}
	}

	// As above (dup3), for a number that no other program shall inherit.
	static void duplicatePrivately(int descriptor, int number) throws IOException {
		if (LibC.syscall(SystemCall.DUP3.number(), descriptor, number, CLOSE_ON_EXEC, 0, 0) < 0) {
			throw notDuplicated(descriptor);
		}
	}

	private static IOException notDuplicated(int descriptor) {
		return new IOException(
				"The descriptor %d cannot be duplicated: %s".formatted(descriptor, Errno.describe(Errno.last())));
	}

	/**
	 * Close a descriptor. The caller must be the only one who knows the number: it may
	 * soon mean something else.
	 * @param descriptor the descriptor
	 */
	public static void close(int descriptor) {
		Jna.require();
		LibC.close(descriptor);
	}

	/**
	 * The two ends of a pipe.
	 *
	 * @param readEnd the descriptor to read from
	 * @param writeEnd the descriptor to write to
	 * @since 0.1.0
	 */
	public record Pipe(int readEnd, int writeEnd) implements AutoCloseable {

		/**
		 * Close both ends.
		 */
		@Override
		public void close() {
			Descriptors.close(this.readEnd);
			Descriptors.close(this.writeEnd);
		}

	}

}
