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

package io.namedpipe.demo.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;

/**
 * Writes the log to standard error, under load several lines at once: a line for each
 * request, formatted and written by itself, takes a tenth of what the server can do. A
 * line within 20 milliseconds after others may appear as much later; every other line,
 * and warnings and errors, appear at once. The end of the JVM writes what is left, unless
 * it is killed.
 */
public class BufferedConsoleAppender extends OutputStreamAppender<ILoggingEvent> {

	private static final int BUFFER_BYTES = 64 * 1024;

	/** A console that takes no more makes those wait who log, as any other does. */
	private static final int MOST_WAITING = 1000;

	private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final OutputStream target;

	private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private volatile boolean asleep;

	private volatile long lastFlush = System.nanoTime() - DELAY_NANOS;

	// Started with the appender: a thread inherits the identity of its starter, and who
	// logs may act as a client.
	private final Thread writer = new Thread(this::write, "log-writer");

	/**
	 * Create an appender.
	 */
	public BufferedConsoleAppender() {
		this(ConsoleTarget.SystemErr.getStream());
	}

	BufferedConsoleAppender(OutputStream target) {
		this.target = target;
	}

	@Override
	public void start() {
		setImmediateFlush(false);
		setOutputStream(new Unclosed(this.target));
		super.start();
		this.writer.setDaemon(true);
		this.writer.start();
	}

	@Override
	protected void append(ILoggingEvent event) {
		event.prepareForDeferredProcessing();
		this.events.add(event);
		int count = this.waiting.incrementAndGet();
		// The lines of others are not for the thread of a request to format.
		boolean quiet = count == 1 && System.nanoTime() - this.lastFlush >= DELAY_NANOS;
		if (quiet || count >= MOST_WAITING || event.getLevel().isGreaterOrEqual(Level.WARN)) {
			flush();
		}
		else if (this.asleep) {
			LockSupport.unpark(this.writer);
		}
	}

	private void write() {
		while (isStarted()) {
			LockSupport.parkNanos(DELAY_NANOS);
			if (this.waiting.get() > 0) {
				flush();
			}
			else {
				sleep();
			}
		}
	}

	// Not after every flush: whoever logs next would have to wake the writer.
	private void sleep() {
		this.asleep = true;
		if (this.waiting.get() == 0 && isStarted()) {
			LockSupport.park();
		}
		this.asleep = false;
	}

	private void flush() {
		this.streamWriteLock.lock();
		try {
			ILoggingEvent event;
			while ((event = this.events.poll()) != null) {
				this.waiting.decrementAndGet();
				super.append(event);
			}
			OutputStream stream = getOutputStream();
			// Without one it has been stopped, which has written everything.
			if (stream != null) {
				stream.flush();
			}
			this.lastFlush = System.nanoTime();
		}
		catch (IOException ex) {
			addError("The log cannot be written", ex);
		}
		finally {
			this.streamWriteLock.unlock();
		}
	}

	@Override
	public void stop() {
		flush();
		super.stop();
		LockSupport.unpark(this.writer);
	}

	/**
	 * Standard error is not the appender's to close.
	 */
	private static final class Unclosed extends BufferedOutputStream {

		Unclosed(OutputStream target) {
			super(target, BUFFER_BYTES);
		}

		@Override
		public void close() throws IOException {
			flush();
		}

	}

}
