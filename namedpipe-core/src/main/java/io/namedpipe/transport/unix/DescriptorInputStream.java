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
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.FileAttributes;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.OpenedFile;

/**
 * Reads from a file descriptor. Thread-safe; a stream that is not closed is closed when
 * it is garbage collected.
 */
final class DescriptorInputStream extends OpenedFile {

	/** A read of more is divided. */
	private static final int MAX_READ = 64 * 1024;

	private final LinuxFiles files;

	private final int descriptor;

	private final long size;

	private final Instant lastModified;

	private final Cleaner.Cleanable cleanable;

	// After a close during a read, the number may stand for another file.
	private final ReentrantLock lock = new ReentrantLock();

	private long position;

	/** The same file for the JDK, if that can open it. */
	private @Nullable FileChannel channel;

	private boolean channelWanted = true;

	private boolean closed;

	DescriptorInputStream(LinuxFiles files, int descriptor, FileAttributes attributes, Cleaner cleaner) {
		this.files = files;
		this.descriptor = descriptor;
		this.size = attributes.size();
		this.lastModified = attributes.lastModified();
		this.cleanable = cleaner.register(this, () -> files.close(descriptor));
	}

	@Override
	public long size() {
		return this.size;
	}

	@Override
	public Instant lastModified() {
		return this.lastModified;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, buffer.length);
		if (length == 0) {
			return 0;
		}
		int most = Math.min(length, MAX_READ);
		byte[] bytes = (offset == 0) ? buffer : new byte[most];
		int count;
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IOException("The stream is closed");
			}
			count = this.files.read(this.descriptor, bytes, most, this.position);
			this.position += count;
		}
		finally {
			this.lock.unlock();
		}
		if (bytes != buffer) {
			System.arraycopy(bytes, 0, buffer, offset, count);
		}
		return (count > 0) ? count : -1;
	}

	// The array is as large as the file, most times: an array is copied as a whole on its
	// way to the kernel and back.
	@Override
	public byte[] readNBytes(int length) throws IOException {
		if (length < 0) {
			throw new IllegalArgumentException("A negative number of bytes: " + length);
		}
		byte[] bytes = new byte[(int) Math.min(length, this.size + 1)];
		int count = readUpToSize(bytes);
		if (count < bytes.length || count == length) {
			return Arrays.copyOf(bytes, count);
		}
		// It has grown.
		byte[] rest = super.readNBytes(length - count);
		bytes = Arrays.copyOf(bytes, count + rest.length);
		System.arraycopy(rest, 0, bytes, count, rest.length);
		return bytes;
	}

	// Asks for one byte more than the size of the file. If that byte is missing, the end
	// is reached without another read.
	private int readUpToSize(byte[] bytes) throws IOException {
		int count = 0;
		boolean end = false;
		while (!end) {
			int most = Math.min(bytes.length - count, MAX_READ);
			int read = read(bytes, count, most);
			count += Math.max(0, read);
			end = read <= 0 || (read < most && this.position == this.size);
		}
		return count;
	}

	@Override
	public long sendTo(WritableByteChannel target, long count) throws IOException {
		FileChannel file;
		long begin;
		this.lock.lock();
		try {
			file = channel();
			begin = this.position;
		}
		finally {
			this.lock.unlock();
		}
		// Not with the lock, since a close ends it.
		long sent = (file != null) ? file.transferTo(begin, count, target) : -1;
		skip(sent);
		return sent;
	}

	// What the descriptor stands for is opened once more, not its name: this is the file
	// that was looked at. Where the server may not do that, it reads.
	private @Nullable FileChannel channel() throws IOException {
		if (this.closed) {
			throw new IOException("The stream is closed");
		}
		if (this.channelWanted) {
			this.channelWanted = false;
			try {
				this.channel = FileChannel.open(Path.of("/proc/self/fd", Integer.toString(this.descriptor)));
			}
			catch (IOException ex) {
				// The file is read by its descriptor then.
			}
		}
		return this.channel;
	}

	@Override
	public long skip(long count) {
		this.lock.lock();
		try {
			long skipped = Math.max(0, Math.min(count, this.size - this.position));
			this.position += skipped;
			return skipped;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.closed = true;
			if (this.channel != null) {
				this.channel.close();
			}
			this.cleanable.clean();
		}
		finally {
			this.lock.unlock();
		}
	}

}
