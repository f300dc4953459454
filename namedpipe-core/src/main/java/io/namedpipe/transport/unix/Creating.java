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

import io.namedpipe.posix.FileCalls;

/**
 * Creates a file in the directory of its target, which must be writable if it exists, and
 * not be a link. The file has no name yet, or a temporary one where the file system has
 * no files without a name.
 */
final class Creating extends KernelCalls {

	/** The slot of the name that the file gets when it is complete. */
	static final int TARGET = 2;

	/** The slot of the temporary name. */
	static final int TEMPORARY = 3;

	/** Reduced by the umask of the process. */
	private static final int MODE = 0666;

	private final boolean fuseAllowed;

	private int directory = -1;

	private int created = -1;

	private boolean named;

	private int mode;

	private boolean occupied;

	Creating(FileCalls calls, boolean fuseAllowed) {
		super(calls);
		this.fuseAllowed = fuseAllowed;
	}

	@Override
	public void run() {
		int root = this.calls.hold(FileCalls.WORKING_DIRECTORY, Opening.ROOT, FileCalls.DIRECTORY,
				FileCalls.NO_MAGIC_LINKS, this.fuseAllowed);
		if (root < 0) {
			this.error = root;
			return;
		}
		this.directory = this.calls.hold(root, Opening.NAME, FileCalls.DIRECTORY, FileCalls.BENEATH, this.fuseAllowed);
		this.calls.close(root);
		this.error = (this.directory < 0) ? this.directory : this.calls.readAttributes(this.directory);
		if (this.error == 0 && Opening.isRefused(this.calls.attributes(), this.fuseAllowed)) {
			this.error = FileCalls.DENIED;
		}
		if (this.error == 0) {
			examineTarget();
		}
		if (this.error == 0 && !this.occupied) {
			create();
		}
	}

	private void examineTarget() {
		int target = this.calls.hold(this.directory, TARGET, FileCalls.NO_FOLLOW, FileCalls.BENEATH, this.fuseAllowed);
		if (target == FileCalls.NOT_FOUND) {
			return;
		}
		this.error = (target < 0) ? target : this.calls.readAttributes(target);
		if (this.error == 0 && Opening.isRefused(this.calls.attributes(), this.fuseAllowed)) {
			this.error = FileCalls.DENIED;
		}
		else if (this.error == 0 && this.calls.attributes().isRegularFile()) {
			// Checks only that the target may be written.
			int writable = this.calls.openHeld(target, FileCalls.WRITE);
			this.error = Math.min(0, writable);
			this.mode = this.calls.attributes().permissions();
			this.calls.close(writable);
		}
		else {
			this.occupied = true;
		}
		this.calls.close(target);
	}

	private void create() {
		this.created = this.calls.create(this.directory, MODE);
		this.named = this.created < 0;
		if (this.named) {
			this.created = this.calls.open(this.directory, TEMPORARY, FileCalls.CREATE, MODE, FileCalls.BENEATH);
		}
		this.error = Math.min(0, this.created);
		if (this.created >= 0 && this.mode != 0) {
			this.error = this.calls.setMode(this.created, this.mode);
		}
	}

	boolean isOccupied() {
		return this.occupied;
	}

	boolean isNamed() {
		return this.named;
	}

	// The descriptors of the directory and the file, which are the caller's from now on.
	int[] take() {
		int[] taken = { this.directory, this.created };
		this.directory = -1;
		this.created = -1;
		return taken;
	}

	void closeIfNotTaken() {
		this.calls.close(this.directory);
		this.calls.close(this.created);
	}

}
