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

import io.namedpipe.posix.FileAttributes;
import io.namedpipe.posix.FileCalls;

/**
 * Holds what a name leads to, looks at it, and opens it if it is what is wanted and on a
 * file system where that is harmless. The caller looks at the attributes again, and says
 * why something was not opened.
 */
final class Opening extends KernelCalls {

	/** Open a regular file. */
	static final int FILE = 0;

	/** Open a directory. */
	static final int FOLDER = 1;

	/** Look at anything, and open nothing. */
	static final int LOOK = 2;

	/** The slot of the name. */
	static final int NAME = 0;

	/** The slot of the directory that the name must not leave. */
	static final int ROOT = 1;

	private final int wanted;

	private final boolean fuseAllowed;

	private final boolean beneath;

	private int opened = -1;

	Opening(FileCalls calls, int wanted, boolean fuseAllowed, boolean beneath) {
		super(calls);
		this.wanted = wanted;
		this.fuseAllowed = fuseAllowed;
		this.beneath = beneath;
	}

	@Override
	public void run() {
		int root = FileCalls.WORKING_DIRECTORY;
		if (this.beneath) {
			root = this.calls.hold(root, ROOT, FileCalls.DIRECTORY, FileCalls.NO_MAGIC_LINKS, this.fuseAllowed);
			if (root < 0) {
				this.error = root;
				return;
			}
		}
		int held = this.calls.hold(root, NAME, 0, this.beneath ? FileCalls.BENEATH : FileCalls.NO_MAGIC_LINKS,
				this.fuseAllowed);
		this.calls.close(root);
		this.error = (held < 0) ? held : this.calls.readAttributes(held);
		if (this.error == 0 && isWanted() && !isRefused(this.calls.attributes(), this.fuseAllowed)) {
			this.opened = this.calls.openHeld(held, FileCalls.READ);
			this.error = Math.min(0, this.opened);
		}
		this.calls.close(held);
	}

	private boolean isWanted() {
		return (this.wanted == FILE && this.calls.attributes().isRegularFile())
				|| (this.wanted == FOLDER && this.calls.attributes().isDirectory());
	}

	static boolean isRefused(FileAttributes attributes, boolean fuseAllowed) {
		return attributes.isOfProc() || (attributes.isOfFuse() && !fuseAllowed);
	}

	int descriptor() {
		return this.opened;
	}

	// The descriptor, which is the caller's from now on.
	int take() {
		int taken = this.opened;
		this.opened = -1;
		return taken;
	}

	void closeIfNotTaken() {
		this.calls.close(this.opened);
	}

}
