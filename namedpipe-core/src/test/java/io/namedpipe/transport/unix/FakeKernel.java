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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.namedpipe.posix.CredentialCalls;

/**
 * A kernel that keeps the credentials of each thread, and refuses or ignores a call when
 * told to.
 */
final class FakeKernel implements CredentialCalls {

	/** CAP_SETGID, CAP_SETUID and CAP_DAC_OVERRIDE. */
	private static final int CAPABILITIES = 194;

	private static final long BUFFER_DISTANCE = 1 << 20;

	final List<String> changes = new CopyOnWriteArrayList<>();

	private final Map<Long, ByteBuffer> memory = new ConcurrentHashMap<>();

	private final ThreadLocal<Credentials> threads = ThreadLocal.withInitial(Credentials::new);

	volatile List<Integer> initialGroups = List.of(70);

	volatile int initialCapabilities = CAPABILITIES;

	volatile int dumpable = 1;

	/** What the flag becomes when a thread changes its user. */
	volatile int suidDumpable;

	volatile String ignored = "";

	volatile String refused = "";

	Credentials thread() {
		return this.threads.get();
	}

	private boolean happens(String call) {
		this.changes.add(call);
		return !call.equals(this.ignored);
	}

	private void clearDumpable() {
		if (this.dumpable == 1) {
			this.dumpable = this.suidDumpable;
		}
	}

	@Override
	public int setfsuid(int uid) {
		int former = thread().uid;
		if (uid != -1 && happens("setfsuid " + uid)) {
			thread().uid = uid;
			clearDumpable();
		}
		return former;
	}

	@Override
	public int setfsgid(int gid) {
		int former = thread().gid;
		if (gid != -1 && happens("setfsgid " + gid)) {
			thread().gid = gid;
			clearDumpable();
		}
		return former;
	}

	@Override
	public int setgroups(int count, long gids) {
		List<Integer> wanted = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			wanted.add(buffer(gids).getInt(i * Integer.BYTES));
		}
		String call = "setgroups " + wanted;
		if (call.equals(this.refused) || thread().capabilities == 0) {
			this.changes.add(call);
			return -1;
		}
		if (happens(call)) {
			thread().groups = wanted;
		}
		return 0;
	}

	@Override
	public int getgroups(int size, long gids) {
		List<Integer> groups = thread().groups;
		if (size < groups.size()) {
			return -1;
		}
		for (int i = 0; i < groups.size(); i++) {
			buffer(gids).putInt(i * Integer.BYTES, groups.get(i));
		}
		return groups.size();
	}

	@Override
	public int capget(long header, long data) {
		buffer(data).putInt(offset(data), thread().capabilities);
		return 0;
	}

	@Override
	public int capset(long header, long data) {
		int wanted = buffer(data).getInt(offset(data));
		String call = "capset " + wanted;
		if (call.equals(this.refused)) {
			return -1;
		}
		if (happens(call)) {
			thread().capabilities = wanted;
		}
		return 0;
	}

	@Override
	public int prctl(int option, int value) {
		if (option == CredentialCalls.PR_SET_DUMPABLE) {
			this.changes.add("dumpable " + value);
			this.dumpable = value;
			return 0;
		}
		return this.dumpable;
	}

	@Override
	public int gettid() {
		return (int) Thread.currentThread().getId();
	}

	@Override
	public int lastError() {
		return 1;
	}

	@Override
	public long address(ByteBuffer buffer) {
		long address = (this.memory.size() + 1) * BUFFER_DISTANCE;
		this.memory.put(address, buffer);
		return address;
	}

	private ByteBuffer buffer(long address) {
		return this.memory.get(address - offset(address));
	}

	private static int offset(long address) {
		return (int) (address % BUFFER_DISTANCE);
	}

	/**
	 * The credentials of a thread.
	 */
	final class Credentials {

		int uid = 50;

		int gid = 60;

		List<Integer> groups = FakeKernel.this.initialGroups;

		private int capabilities = FakeKernel.this.initialCapabilities;

		@Override
		public String toString() {
			return "uid %d gid %d groups %s capabilities %d".formatted(this.uid, this.gid, this.groups,
					this.capabilities);
		}

	}

}
