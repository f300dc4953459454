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

import java.time.Instant;

/**
 * The attributes of a file, in memory that the kernel writes.
 *
 * @since 0.1.0
 */
public final class FileAttributes {

	/** How many values {@link #save} needs. */
	public static final int SAVED = 4;

	/** The size of a {@code struct statx}. */
	private static final int STATX_BYTES = 256;

	/** More than a {@code struct statfs} has. It begins with the type. */
	private static final int STATFS_BYTES = 256;

	private static final int STATX_MODE = 28;

	private static final int STATX_SIZE = 40;

	private static final int STATX_MTIME = 112;

	private static final int STATX_DEVICE_MAJOR = 136;

	private static final int STATX_MOUNT = 144;

	/** A {@code struct mnt_id_req}: its size, the mount, and what is asked. */
	private static final int REQUEST = STATX_BYTES + STATFS_BYTES;

	private static final int REQUEST_BYTES = 24;

	private static final long STATMOUNT_SB_BASIC = 1;

	/** The largest handle. */
	private static final int HANDLE_BYTES = 128;

	/** Handles of FUSE, without and with a parent; XFS has the same. */
	private static final int FUSE_HANDLE = 0x81;

	private static final int FUSE_HANDLE_AND_PARENT = 0x82;

	/** Where a {@code struct statmount} has the type of the file system. */
	private static final int STATMOUNT_TYPE = 24;

	private static final long NO_MOUNT = -1;

	private static final int TYPE = 0170000;

	private static final int PERMISSIONS = 0777;

	private static final int LINK = 0120000;

	private static final int DIRECTORY = 0040000;

	private static final int REGULAR = 0100000;

	private static final long PROC_SUPER_MAGIC = 0x9fa0;

	private static final long FUSE_SUPER_MAGIC = 0x65735546;

	private final NativeMemory memory = new NativeMemory(REQUEST + REQUEST_BYTES);

	/** The mount whose file system was read last. */
	private long readMount = NO_MOUNT;

	FileAttributes() {
	}

	long address() {
		return this.memory.address();
	}

	long fileSystemAddress() {
		return this.memory.address() + STATX_BYTES;
	}

	long fileSystemSize() {
		return STATFS_BYTES;
	}

	// A request for the file system of the mount that was read last.
	long mountRequestAddress() {
		this.memory.buffer()
			.putInt(REQUEST, REQUEST_BYTES)
			.putLong(REQUEST + Long.BYTES, mount())
			.putLong(REQUEST + 2 * Long.BYTES, STATMOUNT_SB_BASIC);
		return this.memory.address() + REQUEST;
	}

	// The kernel uses no id of a mount again, and a mount keeps its file system.
	boolean isMountRead() {
		return this.readMount == mount();
	}

	// Put the type where fstatfs does.
	void mountWasRead(boolean success) {
		this.readMount = success ? mount() : NO_MOUNT;
		this.memory.buffer().putLong(STATX_BYTES, this.memory.buffer().getLong(STATX_BYTES + STATMOUNT_TYPE));
	}

	// Memory for a struct file_handle, where the type of the file system is else.
	long handleAddress() {
		this.memory.buffer().putInt(STATX_BYTES, HANDLE_BYTES).putInt(STATX_BYTES + Integer.BYTES, 0);
		return fileSystemAddress();
	}

	long handleMountAddress() {
		return fileSystemAddress() + 2 * Integer.BYTES + HANDLE_BYTES;
	}

	// Whether the handle is one of FUSE, which has no device; then the type is set.
	boolean isHandleOfFuse() {
		int type = this.memory.buffer().getInt(STATX_BYTES + Integer.BYTES);
		boolean fuse = (type == FUSE_HANDLE || type == FUSE_HANDLE_AND_PARENT)
				&& this.memory.buffer().getInt(STATX_DEVICE_MAJOR) == 0;
		if (fuse) {
			this.memory.buffer().putLong(STATX_BYTES, FUSE_SUPER_MAGIC);
		}
		return fuse;
	}

	// The id of the mount, 0 before Linux 5.8.
	long mount() {
		return this.memory.buffer().getLong(STATX_MOUNT);
	}

	private int type() {
		return this.memory.buffer().getShort(STATX_MODE) & TYPE;
	}

	/**
	 * Whether the file is a directory.
	 * @return {@code true} if it is
	 */
	public boolean isDirectory() {
		return type() == DIRECTORY;
	}

	/**
	 * Whether the file is a regular one.
	 * @return {@code true} if it is
	 */
	public boolean isRegularFile() {
		return type() == REGULAR;
	}

	/**
	 * Whether the file is a symbolic link.
	 * @return {@code true} if it is
	 */
	public boolean isLink() {
		return type() == LINK;
	}

	/**
	 * The permissions.
	 * @return the permissions of owner, group and others
	 */
	public int permissions() {
		return this.memory.buffer().getShort(STATX_MODE) & PERMISSIONS;
	}

	/**
	 * Whether the file is one of the kernel's own files about processes.
	 * @return {@code true} if it is
	 */
	public boolean isOfProc() {
		return this.memory.buffer().getLong(STATX_BYTES) == PROC_SUPER_MAGIC;
	}

	/**
	 * Whether the file is on a file system that is a process of some user.
	 * @return {@code true} if it is
	 */
	public boolean isOfFuse() {
		return this.memory.buffer().getLong(STATX_BYTES) == FUSE_SUPER_MAGIC;
	}

	/**
	 * The size.
	 * @return the number of bytes
	 */
	public long size() {
		return this.memory.buffer().getLong(STATX_SIZE);
	}

	/**
	 * When the content was changed the last time.
	 * @return the time
	 */
	public Instant lastModified() {
		return Instant.ofEpochSecond(this.memory.buffer().getLong(STATX_MTIME),
				this.memory.buffer().getInt(STATX_MTIME + Long.BYTES));
	}

	/**
	 * Save type, size and time.
	 * @param values where to
	 * @param index the index of the first of {@link #SAVED} values
	 */
	public void save(long[] values, int index) {
		values[index] = this.memory.buffer().getShort(STATX_MODE);
		values[index + 1] = size();
		values[index + 2] = this.memory.buffer().getLong(STATX_MTIME);
		values[index + 3] = this.memory.buffer().getInt(STATX_MTIME + Long.BYTES);
	}

	/**
	 * Restore what was saved.
	 * @param values where from
	 * @param index the index of the first of {@link #SAVED} values
	 */
	public void restore(long[] values, int index) {
		this.memory.buffer()
			.putShort(STATX_MODE, (short) values[index])
			.putLong(STATX_SIZE, values[index + 1])
			.putLong(STATX_MTIME, values[index + 2])
			.putInt(STATX_MTIME + Long.BYTES, (int) values[index + 3]);
	}

}
