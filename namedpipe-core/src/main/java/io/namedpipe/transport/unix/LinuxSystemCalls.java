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
import java.util.Map;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@link SystemCalls} by number, through the C library's {@code syscall}, which adds
 * nothing to them. Direct mapping with primitive arguments is the cheapest call that JNA
 * has. The only class of impersonation that needs JNA.
 */
final class LinuxSystemCalls implements SystemCalls {

	private static final Map<String, Numbers> NUMBERS = Map.of("amd64", new Numbers(122, 123, 116, 115, 125, 157),
			"aarch64", new Numbers(151, 152, 159, 158, 90, 167));

	private final long setfsuid;

	private final long setfsgid;

	private final long setgroups;

	private final long getgroups;

	private final long capget;

	private final long prctl;

	private LinuxSystemCalls(Numbers numbers) {
		this.setfsuid = numbers.setfsuid();
		this.setfsgid = numbers.setfsgid();
		this.setgroups = numbers.setgroups();
		this.getgroups = numbers.getgroups();
		this.capget = numbers.capget();
		this.prctl = numbers.prctl();
	}

	// The calls of this machine, or null if its architecture is not known here.
	static @Nullable SystemCalls load(String architecture) {
		Numbers numbers = NUMBERS.get(architecture);
		return (numbers != null) ? new LinuxSystemCalls(numbers) : null;
	}

	@Override
	public int setfsuid(int uid) {
		return (int) Library.syscall(this.setfsuid, uid);
	}

	@Override
	public int setfsgid(int gid) {
		return (int) Library.syscall(this.setfsgid, gid);
	}

	@Override
	public int setgroups(int count, long gids) {
		return (int) Library.syscall(this.setgroups, count, gids);
	}

	@Override
	public int getgroups(int size, long gids) {
		return (int) Library.syscall(this.getgroups, size, gids);
	}

	@Override
	public int capget(long header, long data) {
		return (int) Library.syscall(this.capget, header, data);
	}

	@Override
	public int prctl(int option, int value) {
		return (int) Library.syscall(this.prctl, option, value);
	}

	@Override
	public int lastError() {
		return Native.getLastError();
	}

	@Override
	public long address(ByteBuffer buffer) {
		return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
	}

	private record Numbers(long setfsuid, long setfsgid, long setgroups, long getgroups, long capget, long prctl) {
	}

	/**
	 * The C library.
	 */
	private static final class Library {

		static {
			Native.register(Library.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
		}

		private Library() {
		}

		static native long syscall(long number, long argument);

		static native long syscall(long number, long first, long second);

	}

}
