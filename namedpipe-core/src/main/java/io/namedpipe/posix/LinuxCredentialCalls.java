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

import java.nio.ByteBuffer;

/**
 * {@link CredentialCalls} by number, through the C library's {@code syscall}, which adds
 * nothing to them.
 */
final class LinuxCredentialCalls implements CredentialCalls {

	@Override
	public int setfsuid(int uid) {
		return call(SystemCall.SETFSUID, uid, 0);
	}

	@Override
	public int setfsgid(int gid) {
		return call(SystemCall.SETFSGID, gid, 0);
	}

	@Override
	public int setgroups(int count, long gids) {
		return call(SystemCall.SETGROUPS, count, gids);
	}

	@Override
	public int getgroups(int size, long gids) {
		return call(SystemCall.GETGROUPS, size, gids);
	}

	@Override
	public int capget(long header, long data) {
		return call(SystemCall.CAPGET, header, data);
	}

	@Override
	public int capset(long header, long data) {
		return call(SystemCall.CAPSET, header, data);
	}

	@Override
	public int prctl(int option, int value) {
		return call(SystemCall.PRCTL, option, value);
	}

	@Override
	public int gettid() {
		return call(SystemCall.GETTID, 0, 0);
	}

	@Override
	public int lastError() {
		return Errno.last();
	}

	@Override
	public long address(ByteBuffer buffer) {
		return NativeMemory.address(buffer);
	}

	private static int call(SystemCall call, long first, long second) {
		return (int) LibC.syscall(call.number(), first, second);
	}

}
