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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of when lines of the log appear.
 */
@Timeout(30)
class BufferedConsoleAppenderTests {

	private final LoggerContext context = new LoggerContext();

	private final CountedOutput output = new CountedOutput();

	private final BufferedConsoleAppender appender = new BufferedConsoleAppender(this.output);

	private final Logger logger = this.context.getLogger("test");

	@BeforeEach
	void start() {
		this.context.setMDCAdapter(new LogbackMDCAdapter());
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(this.context);
		encoder.setPattern("%m%n");
		encoder.start();
		this.appender.setContext(this.context);
		this.appender.setEncoder(encoder);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void firstLineAppearsAtOnce() {
		this.logger.info("first");
		assertThat(this.output.lines()).isEqualTo("first");
	}

	@Test
	void lineAfterAPauseAppearsAtOnce() {
		this.logger.info("first");
		await().pollDelay(Duration.ofMillis(40)).until(() -> true);
		this.logger.info("second");
		assertThat(this.output.lines()).isEqualTo("first second");
	}

	@Test
	void warningAppearsAtOnceWithWhatCameBefore() {
		this.logger.info("first");
		this.logger.info("second");
		this.logger.warn("third");
		assertThat(this.output.lines()).isEqualTo("first second third");
	}

	@Test
	void manyLinesAppearSoonInOrderByFewWrites() {
		for (int i = 0; i < 1000; i++) {
			this.logger.info(Integer.toString(i));
		}
		String all = IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(" "));
		await().untilAsserted(() -> assertThat(this.output.lines()).isEqualTo(all));
		assertThat(this.output.writes).isLessThan(500);
	}

	@Test
	void linesAfterAnIdleWhileOfTheWriterAppearToo() {
		for (String line : new String[] { "a", "b", "c" }) {
			this.logger.info(line);
			this.logger.info(line + line);
			await().untilAsserted(() -> assertThat(this.output.lines()).endsWith(line + line));
		}
	}

	@Test
	void stopWritesWhatIsLeftAndLeavesTheConsoleOpen() {
		this.logger.setLevel(Level.INFO);
		this.logger.info("first");
		this.logger.info("last");
		this.appender.stop();
		assertThat(this.output.lines()).isEqualTo("first last");
		assertThat(this.output.closed).isFalse();
	}

	/**
	 * A console.
	 */
	private static final class CountedOutput extends ByteArrayOutputStream {

		private volatile int writes;

		private volatile boolean closed;

		@Override
		public synchronized void write(byte[] bytes, int offset, int length) {
			super.write(bytes, offset, length);
			this.writes++;
		}

		String lines() {
			return toString(StandardCharsets.UTF_8).trim().replaceAll("\\R", " ");
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
