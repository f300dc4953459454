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

package io.namedpipe.transport.anonymous;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.windows.InheritedPipe;
import io.namedpipe.transport.windows.WindowsPipeTransport;

/**
 * Starts a child on Windows that inherits two handles. They are the clients' ends of
 * one-way named pipes with names of their own, which only this user can open: an end that
 * {@code CreatePipe} makes has no time-outs.
 * <p>
 * The JDK lets a child inherit every inheritable handle, and starts children one after
 * the other, under a lock. The handles are inheritable only while this process holds that
 * lock, so no other child of the JDK gets them and keeps the pipe open.
 */
final class WindowsLaunch extends ProcessLaunch {

	/** One thread serves the pipes to all children. */
	private static final WindowsPipeTransport PIPES = new WindowsPipeTransport();

	private static final File NULL_DEVICE = new File("NUL");

	WindowsLaunch(ProcessBuilder builder) {
		super(builder, true);
	}

	@Override
	Started start() {
		Class<?> startLock = startLock();
		List<AutoCloseable> opened = new ArrayList<>();
		try {
			End down = hasInput() ? open(PipeDirection.OUTBOUND, opened) : null;
			End up = hasOutput() ? open(PipeDirection.INBOUND, opened) : null;
			tell((down != null) ? down.child().number() : null, (up != null) ? up.child().number() : null);
			builder().redirectInput(Redirect.from(NULL_DEVICE));
			builder().redirectOutput(Redirect.INHERIT);
			Process process = start(startLock, Stream.of(down, up).filter((end) -> end != null).toList());
			return new Started(process, (up != null) ? new OneWay(up.parent()) : null,
					(down != null) ? new OneWay(down.parent()) : null);
		}
		catch (RuntimeException | Error ex) {
			opened.forEach(WindowsLaunch::close);
			throw ex;
		}
	}

	private static void close(AutoCloseable end) {
		try {
			end.close();
		}
		catch (Exception ex) {
			// The reason why they are closed is thrown.
		}
	}

	// The child has its copy when the process has started, or needs none.
	private Process start(Class<?> startLock, List<End> ends) {
		try {
			// A monitor, since the JDK uses it as one.
			synchronized (startLock) {
				ends.forEach((end) -> end.child().inheritable(true));
				try {
					return startProcess();
				}
				finally {
					ends.forEach((end) -> end.child().inheritable(false));
				}
			}
		}
		finally {
			ends.forEach((end) -> close(end.child()));
		}
	}

	static End open(PipeDirection direction, List<AutoCloseable> opened) {
		PipeServerOptions options = PipeServerOptions.builder()
			.direction(direction)
			.instances(1)
			.maxInstances(1)
			.build();
		try (PipeServerChannel server = PIPES.bind(PipeAddress.of("anonymous." + UUID.randomUUID()), options)) {
			InheritedPipe child = InheritedPipe.connect(server.address(), direction);
			opened.add(child);
			PipeChannel parent = server.accept();
			opened.add(parent);
			return new End(parent, child);
		}
	}

	// The monitor of a static synchronized method is that of its class.
	private static Class<?> startLock() {
		try {
			Class<?> type = Class.forName("java.lang.ProcessImpl");
			for (Method method : type.getDeclaredMethods()) {
				int modifiers = method.getModifiers();
				if (method.getName().equals("create") && Modifier.isStatic(modifiers)
						&& Modifier.isSynchronized(modifiers)) {
					return type;
				}
			}
		}
		catch (ClassNotFoundException ex) {
			// Reported below.
		}
		throw new PipeUnsupportedException(
				"This JDK starts processes in another way, in which other children would inherit the pipes; use the standard streams");
	}

	/**
	 * The two ends of a pipe.
	 *
	 * @param parent this process' end
	 * @param child the child's end
	 */
	record End(PipeChannel parent, InheritedPipe child) {
	}

	/**
	 * A channel of which one half is used.
	 *
	 * @param channel the channel
	 */
	record OneWay(PipeChannel channel) implements PipeSource, PipeSink {

		@Override
		public int read(ByteBuffer destination) {
			return this.channel.read(destination);
		}

		@Override
		public void setReadTimeout(Duration timeout) {
			this.channel.setReadTimeout(timeout);
		}

		@Override
		public boolean isPeerGone() {
			return this.channel.isPeerGone();
		}

		@Override
		public void write(ByteBuffer source) {
			this.channel.write(source);
		}

		@Override
		public void setWriteTimeout(Duration timeout) {
			this.channel.setWriteTimeout(timeout);
		}

		@Override
		public void close() {
			this.channel.close();
		}

	}

}
