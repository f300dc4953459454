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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * A child process and the channel to it. The child can be any program that talks on its
 * standard streams. With {@link Builder#handles()} the standard streams are not used, and
 * the child can be a .NET program with an {@code AnonymousPipeClientStream}.
 * <p>
 * The channel sees the end of the stream when the child, and every process that it has
 * passed the pipe on to, has ended or closed it. The peer is this process' own user with
 * the child's process id; nobody can act as the child. Thread-safe.
 *
 * @since 0.1.0
 * @see ParentPipe
 */
public final class PipeProcess implements AutoCloseable {

	private final Process process;

	private final AnonymousPipeChannel channel;

	private final Duration closeTimeout;

	private final AtomicBoolean closed = new AtomicBoolean();

	PipeProcess(Process process, AnonymousPipeChannel channel, Duration closeTimeout) {
		this.process = process;
		this.channel = channel;
		this.closeTimeout = closeTimeout;
	}

	/**
	 * Prepare a child.
	 * @param process the program, its arguments, directory and environment. Standard
	 * error is inherited, unless it is redirected to a file or discarded. It is copied
	 * and not changed
	 * @return a builder with the default of each setting
	 */
	public static Builder of(ProcessBuilder process) {
		return new Builder(process);
	}

	/**
	 * The connection to the child.
	 * @return the channel; closing it is the end of the stream for the child, and does
	 * not wait for the child to end
	 */
	public PipeChannel channel() {
		return this.channel;
	}

	/**
	 * The child.
	 * @return the process
	 */
	public Process process() {
		return this.process;
	}

	/**
	 * End the child: end the stream that it reads, wait for it to end for the time-out,
	 * then ask it to end ({@link ProcessHandle#destroy()}), wait again, and finally end
	 * it forcibly. An interrupt skips the waiting. Closes the channel. Idempotent: a
	 * second call does nothing, and does not wait for the first.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			endStream();
			if (!this.process.waitFor(TimeUnit.NANOSECONDS.convert(this.closeTimeout), TimeUnit.NANOSECONDS)) {
				// Process.destroy() also closes the JDK's streams, and waits for a write
				// that a process which the child has started does not read.
				this.process.toHandle().destroy();
				if (!this.process.waitFor(TimeUnit.NANOSECONDS.convert(this.closeTimeout), TimeUnit.NANOSECONDS)) {
					this.process.toHandle().destroyForcibly();
				}
			}
		}
		catch (InterruptedException ex) {
			this.process.toHandle().destroyForcibly();
			Thread.currentThread().interrupt();
		}
		finally {
			this.channel.close();
		}
	}

	private void endStream() {
		if (!this.channel.isWritable()) {
			this.channel.close();
			return;
		}
		try {
			this.channel.shutdownOutput();
		}
		catch (PipeException ex) {
			// Closed, or left by the child.
		}
	}

	/**
	 * Builds a {@link PipeProcess}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

		private final ProcessBuilder template;

		private boolean handles;

		private Duration closeTimeout = CLOSE_TIMEOUT;

		private Builder(ProcessBuilder template) {
			this.template = template;
		}

		/**
		 * Talk over the child's standard input and output, which is the default.
		 * Everything that the child prints is read from the channel.
		 * @return this
		 */
		public Builder standardStreams() {
			this.handles = false;
			return this;
		}

		/**
		 * Talk over two pipes besides the standard streams. <code>{in}</code> and
		 * <code>{out}</code> in the arguments become the handles that the child reads and
		 * writes; if only one of them is there, the pipe goes one way. A Java child
		 * without them uses {@link ParentPipe#open()}. The child's standard input is
		 * empty. Its output goes to standard error on Unix, and to this process' standard
		 * output on Windows. Without {@code /bin/sh} the handles are its standard
		 * streams. On Windows this needs JNA.
		 * @return this
		 */
		public Builder handles() {
			this.handles = true;
			return this;
		}

		/**
		 * Set how long {@link PipeProcess#close()} waits for the child to end by itself,
		 * and then again after it was asked to.
		 * @param timeout the time-out, 5 seconds by default; zero for no wait
		 * @return this
		 */
		public Builder closeTimeout(Duration timeout) {
			if (timeout.isNegative()) {
				throw new IllegalArgumentException("The time-out must not be negative");
			}
			this.closeTimeout = timeout;
			return this;
		}

		/**
		 * Start the child.
		 * @return the running child
		 * @throws PipeNotFoundException if there is no such program
		 * @throws PipeUnsupportedException if there is no JNA, where handles need it
		 * @throws PipeException if it cannot be started
		 * @throws IllegalStateException if the process builder redirects a stream that
		 * the pipe needs
		 */
		public PipeProcess start() {
			try {
				ProcessLaunch.Started started = ProcessLaunch.of(copy(), this.handles).start();
				return new PipeProcess(started.process(), started.channel(), this.closeTimeout);
			}
			catch (IOException ex) {
				throw new PipeException("The pipes to a child cannot be made: " + ex.getMessage(), ex);
			}
		}

		private ProcessBuilder copy() {
			ProcessBuilder copy = new ProcessBuilder(new ArrayList<>(this.template.command()));
			copy.directory(this.template.directory());
			copy.environment().clear();
			copy.environment().putAll(this.template.environment());
			copy.redirectInput(this.template.redirectInput());
			copy.redirectOutput(this.template.redirectOutput());
			copy.redirectError(this.template.redirectError());
			copy.redirectErrorStream(this.template.redirectErrorStream());
			return copy;
		}

	}

}
