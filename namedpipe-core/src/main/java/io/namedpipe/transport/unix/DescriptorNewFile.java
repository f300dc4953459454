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

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.Objects;

import io.namedpipe.posix.FileCalls;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.NewFile;

/**
 * A file that is written by its descriptor, with the client's rights, since these limit
 * how much space may be used.
 */
final class DescriptorNewFile extends NewFile {

	private static final int MAX_WRITE = 64 * 1024;

	private final LinuxFiles files;

	private final int directory;

	private final int descriptor;

	private final String name;

	private final String temporary;

	/** Whether the file has its temporary name already. */
	private final boolean named;

	private final ClientRights rights;

	private final Cleaner.Cleanable cleanable;

	// An array is copied as a whole on its way to the kernel.
	private byte[] buffer = {};

	private boolean complete;

	private boolean closed;

	DescriptorNewFile(LinuxFiles files, int[] descriptors, String name, String temporary, boolean named,
			ClientRights rights, Cleaner cleaner) {
		this.files = files;
		this.directory = descriptors[0];
		this.descriptor = descriptors[1];
		this.name = name;
		this.temporary = temporary;
		this.named = named;
		this.rights = rights;
		this.cleanable = cleaner.register(this, () -> {
			for (int each : descriptors) {
				files.close(each);
			}
		});
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		requireOpen();
		int written = 0;
		while (written < length) {
			int count = Math.min(length - written, MAX_WRITE);
			if (this.buffer.length < count) {
				this.buffer = new byte[count];
			}
			System.arraycopy(bytes, offset + written, this.buffer, 0, count);
			try (FileCalls calls = this.files.begin()) {
				Writing writing = new Writing(calls, this.descriptor, this.buffer, count);
				LinuxFileOpener.run(writing, this.name, this.rights);
			}
			written += count;
		}
	}

	private void requireOpen() throws IOException {
		if (this.closed || this.complete) {
			throw new IOException("The file is complete or closed");
		}
	}

	@Override
	public void complete() throws IOException {
		requireOpen();
		this.files.force(this.descriptor);
		move(false);
		this.complete = true;
	}

	private void move(boolean remove) throws IOException {
		try (FileCalls calls = this.files.begin()) {
			calls.encode(Creating.TARGET, this.name);
			calls.encode(Creating.TEMPORARY, this.temporary);
			Moving moving = new Moving(calls, this.directory, this.named ? -1 : this.descriptor, remove);
			LinuxFileOpener.run(moving, this.name, this.rights);
		}
	}

	@Override
	public void close() throws IOException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			if (!this.complete && this.named) {
				move(true);
			}
		}
		finally {
			this.cleanable.clean();
		}
	}

	private static final class Writing extends KernelCalls {

		private final int descriptor;

		private final byte[] bytes;

		private final int count;

		Writing(FileCalls calls, int descriptor, byte[] bytes, int count) {
			super(calls);
			this.descriptor = descriptor;
			this.bytes = bytes;
			this.count = count;
		}

		// A write to a file is short only when there is no more space, and then the next
		// one says so.
		@Override
		public void run() {
			int written = this.calls.write(this.descriptor, this.bytes, this.count);
			if (written >= 0 && written < this.count) {
				System.arraycopy(this.bytes, written, this.bytes, 0, this.count - written);
				int rest = this.calls.write(this.descriptor, this.bytes, this.count - written);
				written = (rest < 0) ? rest : written + rest;
			}
			this.error = (written < 0) ? written : (written == this.count) ? 0 : FileCalls.NO_SPACE;
		}

	}

	private static final class Moving extends KernelCalls {

		private final int directory;

		private final int unnamed;

		private final boolean remove;

		Moving(FileCalls calls, int directory, int unnamed, boolean remove) {
			super(calls);
			this.directory = directory;
			this.unnamed = unnamed;
			this.remove = remove;
		}

		@Override
		public void run() {
			if (this.remove) {
				this.error = this.calls.remove(this.directory, Creating.TEMPORARY);
				return;
			}
			this.error = (this.unnamed < 0) ? 0 : this.calls.link(this.unnamed, this.directory, Creating.TEMPORARY);
			if (this.error == 0) {
				this.error = this.calls.rename(this.directory, Creating.TEMPORARY, Creating.TARGET);
				if (this.error < 0 && this.unnamed >= 0) {
					this.calls.remove(this.directory, Creating.TEMPORARY);
				}
			}
		}

	}

}
