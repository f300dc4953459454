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
 * Follows a name one part after another where the kernel cannot follow it as a whole
 * without entering another mount. Each mount is looked at before a name is looked up in
 * it, so that no program of a FUSE file system is asked about anything. It makes the
 * kernel's calls and allocates nothing, as {@link FileCalls} does.
 */
final class PathWalk {

	/** Do not enter another mount ({@code RESOLVE_NO_XDEV}). */
	private static final long SAME_MOUNT = 0x01;

	private static final int OTHER_MOUNT = -18;

	private static final int NO_DIRECTORY = -20;

	private static final int TOO_LONG = -36;

	private static final int TOO_MANY_LINKS = -40;

	private static final int GO_ON = Integer.MIN_VALUE;

	/** The kernel's own limit. */
	private static final int MAX_LINKS = 40;

	/** How many directories are held, to go back to them. */
	private static final int MAX_DEPTH = 64;

	/** The text of a link, and then what follows it; the text of the root. */
	private static final int LINK = FileCalls.PATH_MAX;

	private static final int ROOT = LINK + FileCalls.PATH_MAX;

	private final FileCalls calls;

	private final NativeMemory memory = new NativeMemory(ROOT + 2);

	private final ByteBuffer text = this.memory.buffer();

	private final int[] held = new int[MAX_DEPTH];

	/** The index of the present directory. The first one is the caller's. */
	private int depth;

	/** Where in the text the rest of the name begins. */
	private int position;

	private int links;

	private long mount;

	/** Whether the kernel is to try to follow the rest as a whole. */
	private boolean whole;

	PathWalk(FileCalls calls) {
		this.calls = calls;
		this.text.put(ROOT, (byte) '/');
	}

	/**
	 * Hold what a name leads to, or the first place on the way where another mount begins
	 * that is of FUSE or {@code /proc}.
	 * @param directory the directory of a relative name
	 * @param names where the name is
	 * @param start its first byte
	 * @param flags further flags
	 * @param resolve what is not followed
	 * @return a descriptor, or a negative error
	 */
	int hold(int directory, ByteBuffer names, int start, long flags, long resolve) {
		boolean beneath = (resolve & FileCalls.BENEATH) == FileCalls.BENEATH;
		if (beneath) {
			int error = this.calls.readAttributes(directory);
			if (error < 0 || isRefused()) {
				return (error < 0) ? error : this.calls.openHeld(directory, FileCalls.HOLD);
			}
		}
		copy(names, start, 0);
		this.position = 0;
		this.links = 0;
		this.mount = 0;
		this.whole = true;
		this.depth = 0;
		this.held[0] = directory;
		int result;
		do {
			result = this.whole ? this.calls.open(this.held[this.depth], this.memory.address() + this.position,
					FileCalls.HOLD | flags, 0, resolve | SAME_MOUNT) : OTHER_MOUNT;
			if (result == OTHER_MOUNT) {
				result = step(flags, resolve, beneath);
			}
		}
		while (result == GO_ON);
		while (this.depth > 0) {
			leave();
		}
		return result;
	}

	private boolean isRefused() {
		return this.calls.attributes().isOfFuse() || this.calls.attributes().isOfProc();
	}

	private void leave() {
		this.calls.close(this.held[this.depth]);
		this.depth--;
	}

	private int step(long flags, long resolve, boolean beneath) {
		int part = this.position;
		int end = part;
		while (this.text.get(end) != 0 && this.text.get(end) != '/') {
			end++;
		}
		boolean directory = this.text.get(end) == '/';
		this.position = end;
		while (this.text.get(this.position) == '/') {
			this.position++;
		}
		boolean last = this.text.get(this.position) == 0;
		boolean root = end == part;
		this.text.put(root ? ROOT + 1 : end, (byte) 0);
		this.whole = false;
		int dots = dots(part, end);
		if (beneath && dots > 0) {
			return back(dots - 1, last);
		}
		long wanted = (last ? flags : 0) | (directory ? FileCalls.DIRECTORY : 0);
		long address = this.memory.address() + (root ? ROOT : part);
		int next = open(address, wanted, resolve);
		// It may be a link.
		int found = (next == NO_DIRECTORY) ? open(address, 0, resolve) : next;
		int error = (found < 0) ? found : this.calls.readAttributes(found);
		if (error < 0) {
			this.calls.close(found);
			return error;
		}
		if (isRefused()) {
			return found;
		}
		if (this.calls.attributes().isLink() && !(last && !directory && (flags & FileCalls.NO_FOLLOW) != 0)) {
			error = follow(found, last && !directory);
			this.calls.close(found);
			return error;
		}
		if (next < 0) {
			this.calls.close(found);
			return next;
		}
		return last ? found : enter(found, root, beneath);
	}

	private int open(long address, long flags, long resolve) {
		return this.calls.open(this.held[this.depth], address, FileCalls.HOLD | FileCalls.NO_FOLLOW | flags, 0,
				resolve);
	}

	// The dots if the part has nothing else.
	private int dots(int part, int end) {
		int count = end - part;
		boolean only = count <= 2 && this.text.get(part) == '.' && this.text.get(end - 1) == '.';
		return only ? count : 0;
	}

	// Go back to the directory that the last part was in, wherever it is by now: the
	// kernel would go to the one that it is in.
	private int back(int count, boolean last) {
		if (count > this.depth) {
			return OTHER_MOUNT;
		}
		if (count > 0) {
			leave();
			this.mount = 0;
		}
		return last ? this.calls.openHeld(this.held[this.depth], FileCalls.HOLD) : GO_ON;
	}

	private int enter(int directory, boolean root, boolean beneath) {
		if (!beneath && this.depth > 0) {
			leave();
		}
		if (this.depth == MAX_DEPTH - 1) {
			this.calls.close(directory);
			return TOO_LONG;
		}
		this.depth++;
		this.held[this.depth] = directory;
		// From the root it has been tried.
		this.whole = !root && this.calls.attributes().mount() != this.mount;
		this.mount = this.calls.attributes().mount();
		return GO_ON;
	}

	// Put the text of a link in place of it.
	private int follow(int link, boolean last) {
		this.links++;
		int length = this.calls.readLink(link, this.memory.address() + LINK, FileCalls.PATH_MAX);
		if (length < 0 || this.links > MAX_LINKS) {
			return (length < 0) ? length : TOO_MANY_LINKS;
		}
		int rest = this.position;
		while (this.text.get(rest) != 0) {
			rest++;
		}
		if (length + 1 + rest - this.position >= FileCalls.PATH_MAX) {
			return TOO_LONG;
		}
		if (!last) {
			this.text.put(LINK + length, (byte) '/');
			length++;
		}
		copy(this.text, this.position, LINK + length);
		copy(this.text, LINK, 0);
		this.position = 0;
		this.whole = true;
		return GO_ON;
	}

	// With the zero at the end.
	private void copy(ByteBuffer from, int source, int target) {
		int i = 0;
		byte each;
		do {
			each = from.get(source + i);
			this.text.put(target + i, each);
			i++;
		}
		while (each != 0);
	}

}
