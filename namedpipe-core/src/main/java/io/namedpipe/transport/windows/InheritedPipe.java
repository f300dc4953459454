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

package io.namedpipe.transport.windows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.BiPredicate;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The end of a pipe that a child process inherits, by the number of its handle: in the
 * parent, which opens it and lets the child inherit it, and in the child, which reads or
 * writes it. The handle is a synchronous one, which .NET's anonymous pipes take too.
 * Closing the channel or interrupting its thread ends a read or write
 * ({@code CancelIoEx}).
 *
 * @since 0.1.0
 */
public final class InheritedPipe extends AbstractInterruptibleChannel implements ByteChannel {

	private static final int BUFFER = 64 * 1024;

	private static final int FILE_TYPE_PIPE = 3;

	private final PipeHandle handle;

	private final Memory buffer = new Memory(BUFFER);

	private final Memory count = new Memory(Integer.BYTES);

	private InheritedPipe(Pointer handle) {
		this.handle = new PipeHandle(handle, false);
	}

	/**
	 * Open the end of a pipe for a child. No child inherits it yet.
	 * @param address the pipe, which this process listens on
	 * @param direction which way the pipe goes
	 * @return the end
	 * @throws PipeException if it cannot be opened
	 */
	public static InheritedPipe connect(PipeAddress address, PipeDirection direction) {
		int flags = PipeFlags.clientFlags(ImpersonationLevel.ANONYMOUS) & ~WinNT.FILE_FLAG_OVERLAPPED;
		Pointer handle = Kernel32Calls.valid(Kernel32Calls.CreateFileW(new WString(address.toUnc()),
				PipeFlags.clientAccess(direction), 0, null, WinNT.OPEN_EXISTING, flags, null));
		if (handle == null) {
			throw Win32.lastFailure("The child's end of a pipe cannot be opened");
		}
		return new InheritedPipe(handle);
	}

	/**
	 * Use a handle that this process has inherited, and own it.
	 * @param number the number of the handle
	 * @param forReading whether it is wanted for reading, otherwise for writing
	 * @return the end
	 * @throws PipeException if it is not open, is no pipe, or goes the other way
	 * @throws PipeUnsupportedException if there is no JNA
	 */
	public static InheritedPipe of(long number, boolean forReading) {
		WindowsPipeTransport.requireJna("Handles of Windows need");
		Pointer handle = new Pointer(number);
		int type = Kernel32Calls.GetFileType(handle);
		if (type == 0) {
			throw new PipeException(
					"The handle %d is not open: the parent has not passed it, or it has been taken already"
						.formatted(number));
		}
		if (type != FILE_TYPE_PIPE) {
			throw new PipeException(
					"The handle %d is no pipe; pass the one that the parent has made".formatted(number));
		}
		if ((Win32.access(handle) & (forReading ? WinNT.FILE_READ_DATA : WinNT.FILE_WRITE_DATA)) == 0) {
			throw new PipeException("The handle %d is the end of a pipe for %s, and is wanted for %s".formatted(number,
					forReading ? "writing" : "reading", forReading ? "reading" : "writing"));
		}
		return new InheritedPipe(handle);
	}

	/**
	 * The handle for a child.
	 * @return its number
	 */
	public String number() {
		return Long.toString(Pointer.nativeValue(this.handle.pointer()));
	}

	/**
	 * Let every child that is started from now on inherit the handle, or none
	 * ({@code SetHandleInformation}).
	 * @param inheritable whether children inherit it
	 */
	public void inheritable(boolean inheritable) {
		this.handle.use(() -> {
			int flag = WinBase.HANDLE_FLAG_INHERIT;
			if (!Kernel32Calls.SetHandleInformation(this.handle.pointer(), flag, inheritable ? flag : 0)) {
				throw Win32.lastFailure("A handle cannot be passed to a child");
			}
			return null;
		});
	}

	@Override
	public int read(ByteBuffer destination) throws IOException {
		int length = Math.min(BUFFER, destination.remaining());
		if (length == 0) {
			return 0;
		}
		int received;
		do {
			int error = run((pipe, read) -> Kernel32Calls.ReadFile(pipe, this.buffer, length, read, null));
			if (Win32.isGone(error)) {
				return -1;
			}
			require(error);
			received = this.count.getInt(0);
		}
		// The peer has written nothing, which is not the end.
		while (received == 0);
		destination.put(this.buffer.getByteBuffer(0, received));
		return received;
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		int length = Math.min(BUFFER, source.remaining());
		if (length == 0) {
			return 0;
		}
		this.buffer.getByteBuffer(0, length).put(source.slice().limit(length));
		require(run((pipe, written) -> Kernel32Calls.WriteFile(pipe, this.buffer, length, written, null)));
		int written = this.count.getInt(0);
		source.position(source.position() + written);
		return written;
	}

	private static void require(int error) throws IOException {
		if (error != WinError.ERROR_SUCCESS) {
			throw new IOException(Win32.describe(error));
		}
	}

	// One thread at a time.
	private int run(BiPredicate<Pointer, Pointer> call) throws IOException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
		boolean completed = false;
		try {
			begin();
			this.handle.enter();
			try {
				int error = call.test(this.handle.pointer(), this.count) ? WinError.ERROR_SUCCESS
						: Native.getLastError();
				completed = error != WinError.ERROR_OPERATION_ABORTED;
				return error;
			}
			finally {
				this.handle.exit();
			}
		}
		finally {
			end(completed);
		}
	}

	@Override
	protected void implCloseChannel() {
		// Once only: the number may soon mean something else.
		if (this.handle.close()) {
			Kernel32Calls.CloseHandle(this.handle.pointer());
		}
	}

}
