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

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The connection of this process to the parent that started it. The peer of its channels
 * is this process' own user with the parent's process id; nobody can act as the parent.
 *
 * @since 0.1.0
 * @see PipeProcess
 */
public final class ParentPipe {

	private static final AtomicBoolean standardStreamsTaken = new AtomicBoolean();

	private static final AtomicBoolean opened = new AtomicBoolean();

	private ParentPipe() {
	}

	/**
	 * Open what the parent has arranged: the handles that a {@link PipeProcess} has named
	 * in the environment variable {@code NAMEDPIPE_PARENT}, or the standard streams if
	 * there is no such variable. Can be done once.
	 * @return the channel to the parent
	 * @throws PipeNotFoundException if the variable was meant for a process between the
	 * parent and this one
	 * @throws PipeInUseException if it has been opened before
	 */
	public static PipeChannel open() {
		return openChannel();
	}

	static AnonymousPipeChannel openChannel() {
		String value = System.getenv(ParentVariable.NAME);
		if (value == null) {
			return openStandardStreams();
		}
		ParentVariable variable = ParentVariable.parse(value, parentId());
		if (variable.standard()) {
			return openStandardStreams();
		}
		if (!opened.compareAndSet(false, true)) {
			throw new PipeInUseException("The pipes of the parent have been opened already, and can be once");
		}
		try {
			return openHandles(variable.in(), variable.out());
		}
		catch (RuntimeException ex) {
			opened.set(false);
			throw ex;
		}
	}

	/**
	 * Keep standard output free for the channel that {@link #open()} returns later:
	 * output through {@code System.out} goes to standard error from now on, unless the
	 * parent has passed handles.
	 */
	public static void reserveStandardOutput() {
		String value = System.getenv(ParentVariable.NAME);
		if (value == null || value.endsWith(ParentVariable.STANDARD_STREAMS)) {
			StandardStreams.reserveOutput();
		}
	}

	/**
	 * Use standard input and output, and take them away from all other code: output that
	 * Java and native code print later goes to standard error, and standard input is
	 * empty for them. Can be done once. Output that the application or the JVM itself
	 * ({@code -Xlog}) has printed before has reached the parent already. On Windows, and
	 * where they are files, only output through {@code System.out} is redirected.
	 * @return the channel to the parent
	 * @throws PipeInUseException if it has been done before
	 */
	public static PipeChannel standardStreams() {
		return openStandardStreams();
	}

	private static AnonymousPipeChannel openStandardStreams() {
		if (!standardStreamsTaken.compareAndSet(false, true)) {
			throw new PipeInUseException("The standard streams have been taken for a pipe already, and can be once");
		}
		return new AnonymousPipeChannel(StandardStreams.takeInput(), StandardStreams.takeOutput(),
				ProcessIdentity.of(parentId()));
	}

	/**
	 * Use handles that the parent has passed, as .NET's {@code AnonymousPipeClientStream}
	 * does: the decimal numbers of two file descriptors, or of two Windows handles. Takes
	 * ownership of them. The direction that has no handle throws
	 * {@link PipeUnsupportedException}.
	 * @param in the handle to read from, {@code null} for none
	 * @param out the handle to write to, {@code null} for none
	 * @return the channel to the parent
	 * @throws PipeAddressException if a handle is no number
	 * @throws PipeException if a handle is not open, is no pipe, or goes the other way
	 */
	public static PipeChannel handles(@Nullable String in, @Nullable String out) {
		return openHandles(in, out);
	}

	private static AnonymousPipeChannel openHandles(@Nullable String in, @Nullable String out) {
		if (in == null && out == null) {
			throw new IllegalArgumentException("At least one handle is needed");
		}
		PassedHandle input = (in != null) ? PassedHandle.of(in, true) : null;
		PassedHandle output = (out != null) ? PassedHandle.of(out, false) : null;
		PipeSource source = (input != null) ? input.openSource() : null;
		try {
			return new AnonymousPipeChannel(source, (output != null) ? output.openSink() : null,
					ProcessIdentity.of(parentId()));
		}
		catch (RuntimeException ex) {
			if (source != null) {
				source.close();
			}
			throw ex;
		}
	}

	private static long parentId() {
		return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
	}

}
