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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.Impersonation.Scope;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Changes the calling thread's credentials for file access, and no other thread's: its
 * supplementary groups, its group, its user and its capabilities, and the other way round
 * to go back. The kernel does not report that it has not changed a user or a group, so
 * every step is read back. A change that cannot be verified is undone and reported; a
 * thread that cannot be verified to have its own identity afterwards is tainted, and is
 * refused from then on.
 */
final class LinuxCredentials {

	private static final ThreadLocal<ThreadCredentials> THREADS = new ThreadLocal<>();

	private final CredentialCalls calls;

	private final DumpableFlag dumpable;

	/** The user that the threads of this process act as by themselves. */
	private final int self;

	private final int selfGroup;

	private final IdMap idMap;

	/** The ids of the threads that act as a peer, or did and could not be put back. */
	private final Set<Integer> acting = ConcurrentHashMap.newKeySet();

	LinuxCredentials(CredentialCalls calls, IdMap idMap) {
		this.calls = calls;
		this.idMap = idMap;
		this.dumpable = new DumpableFlag(calls);
		this.self = calls.setfsuid(UnixIds.INVALID);
		this.selfGroup = calls.setfsgid(UnixIds.INVALID);
	}

	// Whether the calling thread has another identity than the process, or may have.
	static boolean isSwitched() {
		ThreadCredentials thread = THREADS.get();
		return thread != null && thread.isSwitched();
	}

	int self() {
		return this.self;
	}

	boolean isActing(int threadId) {
		return this.acting.contains(threadId);
	}

	// Check that the calling thread, which is in no scope, acts as the process does. A
	// virtual thread that asks has the identity of its carrier.
	void requireOwnIdentity() {
		int uid = this.calls.setfsuid(UnixIds.INVALID);
		int gid = this.calls.setfsgid(UnixIds.INVALID);
		if (uid != this.self || gid != this.selfGroup) {
			throw failure("A thread of the server acts as uid %s, gid %s, although no client's code runs on it"
				.formatted(UnixIds.format(uid), UnixIds.format(gid)), true);
		}
	}

	LinuxIdentity identity(UnixUser user) {
		this.idMap.requireMapped(user);
		return LinuxIdentity.of(this.calls, user.uid(), user.gid(), user.groups());
	}

	// Enter and leave once without a change, so that no class has to be loaded while a
	// thread acts as a user that may not read the class path.
	void warmUp() {
		requireOwnIdentity();
		ThreadCredentials thread = thread();
		int[] groups = thread.readGroups();
		try {
			enter(LinuxIdentity.of(this.calls, this.self, this.selfGroup, groups)).leave();
		}
		finally {
			if (!thread.isSwitched()) {
				THREADS.remove();
			}
		}
		failure("loads the class of the exception", false);
	}

	Scope enter(LinuxIdentity identity) {
		ThreadCredentials thread = thread();
		if (thread.isTainted()) {
			throw failure("The thread's own identity could not be put back before; the thread must not be used", true);
		}
		SwitchedScope scope = new SwitchedScope(this, thread, identity);
		thread.save(scope.depth);
		this.acting.add(thread.threadId());
		this.dumpable.acquire();
		try {
			changeGroups(scope);
			changeGroup(scope);
			changeUser(scope);
			changeCapabilities(scope);
			this.dumpable.requireOff();
		}
		catch (RuntimeException | Error ex) {
			undo(scope, ex);
			throw ex;
		}
		thread.entered();
		return scope;
	}

	private ThreadCredentials thread() {
		ThreadCredentials thread = THREADS.get();
		if (thread == null) {
			thread = new ThreadCredentials(this.calls);
			THREADS.set(thread);
		}
		return thread;
	}

	private void changeGroups(SwitchedScope scope) {
		LinuxIdentity identity = scope.identity;
		if (scope.thread.savedEquals(scope.depth, identity)) {
			return;
		}
		if (!identity.groups().write()) {
			throw failure("The thread's groups could not be set (error %d); the server needs CAP_SETGID"
				.formatted(this.calls.lastError()), false);
		}
		scope.groupsChanged = true;
		if (!scope.thread.currentEquals(identity)) {
			throw failure("The thread's groups are not the peer's after they were set", false);
		}
	}

	private void changeGroup(SwitchedScope scope) {
		int gid = scope.identity.gid();
		scope.formerGid = this.calls.setfsgid(gid);
		scope.groupChanged = scope.formerGid != gid;
		if (scope.groupChanged && this.calls.setfsgid(UnixIds.INVALID) != gid) {
			throw failure("The thread's group could not be set to %s; the server needs CAP_SETGID"
				.formatted(UnixIds.format(gid)), false);
		}
	}

	private void changeUser(SwitchedScope scope) {
		int uid = scope.identity.uid();
		scope.formerUid = this.calls.setfsuid(uid);
		scope.userChanged = scope.formerUid != uid;
		if (scope.userChanged && this.calls.setfsuid(UnixIds.INVALID) != uid) {
			throw failure("The thread's user could not be set to %s; the server needs CAP_SETUID"
				.formatted(UnixIds.format(uid)), false);
		}
	}

	// The rights of the client's user are enough for its files; of the server's, only
	// those stay that going back needs.
	private void changeCapabilities(SwitchedScope scope) {
		int uid = scope.identity.uid();
		boolean own = uid == this.self;
		if (scope.thread.hasMinimalCapabilities(scope.depth) && !own && uid != UnixIds.ROOT) {
			return;
		}
		scope.capabilitiesChanged = true;
		if (!scope.thread.changeCapabilities(own)) {
			throw failure("The thread's capabilities could not be dropped (error %d)".formatted(this.calls.lastError()),
					false);
		}
	}

	private void undo(SwitchedScope scope, Throwable reason) {
		if (!putBack(scope)) {
			throw new PipeImpersonationException(
					"The thread could neither act as the peer nor be put back; it must not be used", reason, true);
		}
		over(scope.thread);
	}

	private void leave(SwitchedScope scope) {
		if (scope.thread != THREADS.get() || !scope.thread.isInnermost(scope.depth)) {
			throw failure("A scope is left once, on the thread that entered it, the last one first", false);
		}
		if (!putBack(scope)) {
			throw failure("The thread's own identity could not be put back; the thread must not be used again", true);
		}
		scope.thread.left();
		over(scope.thread);
		if (scope.disturbed) {
			scope.thread.taint();
			throw failure("Something else has changed the thread's identity while it acted as the peer; "
					+ "the thread must not be used again", true);
		}
	}

	private void over(ThreadCredentials thread) {
		if (!thread.isSwitched()) {
			this.acting.remove(thread.threadId());
		}
	}

	// Put back what was changed, in the other order. Every step is tried, whatever
	// becomes of the others; the thread is tainted unless all of them are seen to have
	// worked. A tainted thread keeps the process from being dumpable.
	private boolean putBack(SwitchedScope scope) {
		boolean back = false;
		try {
			back = putUserBack(scope) & putGroupBack(scope) & putGroupsBack(scope) & putCapabilitiesBack(scope);
			return back;
		}
		finally {
			if (back) {
				this.dumpable.release();
			}
			else {
				scope.thread.taint();
			}
		}
	}

	private boolean putUserBack(SwitchedScope scope) {
		if (!scope.userChanged) {
			return true;
		}
		scope.disturbed |= this.calls.setfsuid(scope.formerUid) != scope.identity.uid();
		return this.calls.setfsuid(UnixIds.INVALID) == scope.formerUid;
	}

	private boolean putGroupBack(SwitchedScope scope) {
		if (!scope.groupChanged) {
			return true;
		}
		scope.disturbed |= this.calls.setfsgid(scope.formerGid) != scope.identity.gid();
		return this.calls.setfsgid(UnixIds.INVALID) == scope.formerGid;
	}

	private boolean putGroupsBack(SwitchedScope scope) {
		return !scope.groupsChanged || scope.thread.putGroupsBack(scope.depth);
	}

	private boolean putCapabilitiesBack(SwitchedScope scope) {
		return !scope.capabilitiesChanged || scope.thread.putCapabilitiesBack(scope.depth);
	}

	private static PipeImpersonationException failure(String message, boolean threadTainted) {
		return new PipeImpersonationException(message, null, threadTainted);
	}

	/**
	 * A scope with what it changed, and the former values.
	 */
	private static final class SwitchedScope implements Scope {

		private final LinuxCredentials credentials;

		private final ThreadCredentials thread;

		private final LinuxIdentity identity;

		private final int depth;

		private boolean groupsChanged;

		private boolean groupChanged;

		private boolean userChanged;

		private boolean capabilitiesChanged;

		private boolean disturbed;

		private int formerGid;

		private int formerUid;

		SwitchedScope(LinuxCredentials credentials, ThreadCredentials thread, LinuxIdentity identity) {
			this.credentials = credentials;
			this.thread = thread;
			this.identity = identity;
			this.depth = thread.depth();
		}

		@Override
		public void leave() {
			this.credentials.leave(this);
		}

	}

}
