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

package io.namedpipe.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/**
 * The log events that mention a text, such as the id of a test's own pipe: other tests
 * log at the same time.
 */
public final class LogCapture implements AutoCloseable {

	private static final Captures captures = new Captures();

	static {
		captures.attach(logger());
	}

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	private final String text;

	private LogCapture(String text) {
		this.text = text;
		captures.all.add(this);
	}

	// While another thread initializes SLF4J, the factory is a substitute.
	private static Logger logger() {
		while (LoggerFactory.getILoggerFactory() instanceof SubstituteLoggerFactory) {
			Thread.onSpinWait();
		}
		return (Logger) LoggerFactory.getLogger("io.namedpipe");
	}

	public static LogCapture of(String text) {
		return new LogCapture(text);
	}

	public List<ILoggingEvent> events() {
		return this.events;
	}

	/**
	 * Level and message of each event.
	 */
	public List<String> lines() {
		return this.events.stream().map((event) -> event.getLevel() + " " + event.getFormattedMessage()).toList();
	}

	/**
	 * The lines about clients: without those about the start and the stop of the pipe.
	 */
	public List<String> clientLines() {
		return lines().stream()
			.filter((line) -> !line.contains("listens on") && !line.endsWith("has stopped"))
			.toList();
	}

	public boolean hasStackTrace() {
		return this.events.stream().anyMatch((event) -> event.getThrowableProxy() != null);
	}

	@Override
	public void close() {
		captures.all.remove(this);
	}

	private void accept(ILoggingEvent event) {
		if (event.getFormattedMessage().contains(this.text)) {
			this.events.add(event);
		}
	}

	/**
	 * One appender for all: Logback can lose one that is added while others log, until
	 * the next one is added or removed.
	 */
	private static final class Captures extends AppenderBase<ILoggingEvent> {

		private static final String PROBE = "The log is captured";

		private final List<LogCapture> all = new CopyOnWriteArrayList<>();

		private volatile boolean attached;

		void attach(Logger logger) {
			start();
			while (!this.attached) {
				logger.detachAppender(this);
				logger.addAppender(this);
				logger.info(PROBE);
			}
		}

		@Override
		protected void append(ILoggingEvent event) {
			this.attached |= event.getMessage().equals(PROBE);
			this.all.forEach((capture) -> capture.accept(event));
		}

	}

}
