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

package io.namedpipe.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The share of the log that each user has.
 */
class LogBudgetTests {

	private static final String LINE = "x".repeat(100);

	private final AtomicLong now = new AtomicLong();

	private final LogBudget budget = new LogBudget(2000, this.now::get);

	private final List<String> lines = new ArrayList<>();

	private final List<Throwable> traces = new ArrayList<>();

	private void write(String user, int times) {
		write(this.budget, user, times);
	}

	// By another thread than the one before: nothing stays locked.
	private void write(LogBudget budget, String user, int times) {
		Background.run(() -> {
			for (int i = 0; i < times; i++) {
				budget.write(user, () -> LINE, this.lines::add);
			}
			return "";
		}).join();
	}

	private void write(String user, Throwable thrown) {
		this.budget.write(user, () -> "failed", thrown, this::take);
	}

	private void take(String line, @Nullable Throwable thrown) {
		this.lines.add(line);
		if (thrown != null) {
			this.traces.add(thrown);
		}
	}

	@Test
	void linesBeyondTheBudgetAreLeftOutAndTheLastOneSaysSo() {
		write("1001", 1000);
		assertThat(this.lines).hasSize(9)
			.last()
			.isEqualTo(LINE + " (the next lines about this user are left out, for up to a minute)");
		assertThat(this.lines.subList(0, 8)).containsOnly(LINE);
	}

	@Test
	void nextMinuteBeginsWithTheNumberOfLinesThatWereLeftOut() {
		write("1001", 1000);
		this.lines.clear();
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(59));
		write("1001", 1);
		assertThat(this.lines).isEmpty();
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		write("1001", 2);
		assertThat(this.lines).containsExactly(LINE + " (before it, 992 lines about this user were left out)", LINE);
	}

	@Test
	void lineThatIsLeftOutIsNotMade() {
		write("1001", 1000);
		AtomicInteger made = new AtomicInteger();
		this.budget.write("1001", () -> LINE + made.incrementAndGet(), this.lines::add);
		assertThat(made).hasValue(0);
	}

	@Test
	void oneUserTakesNothingFromAnother() {
		write("1001", 1000);
		this.lines.clear();
		write("1002", 3);
		assertThat(this.lines).containsExactly(LINE, LINE, LINE);
	}

	@Test
	void manyUsersTogetherGetEightTimesAsMuch() {
		for (int user = 0; user < 5000; user++) {
			this.budget.write(String.valueOf(user), () -> LINE, this.lines::add);
		}
		assertThat(this.lines.stream().mapToInt((line) -> 128 + line.length()).sum()).isBetween(15_000, 17_000);
		assertThat(this.lines).last()
			.isEqualTo(LINE + " (the next lines about all users are left out, for up to a minute)");
		this.now.addAndGet(TimeUnit.MINUTES.toNanos(1));
		write("500", 1);
		assertThat(this.lines).last().isEqualTo(LINE + " (before it, 1 lines about this user were left out)");
	}

	@Test
	void lineThatUsesTheBudgetUpIsTheLast() {
		write(new LogBudget(228, this.now::get), "1001", 3);
		assertThat(this.lines)
			.containsExactly(LINE + " (the next lines about this user are left out, for up to a minute)");
		this.lines.clear();
		write(new LogBudget(229, this.now::get), "1001", 3);
		assertThat(this.lines).containsExactly(LINE,
				LINE + " (the next lines about this user are left out, for up to a minute)");
	}

	@Test
	void lineThatUsesTheBudgetOfAllUpIsTheLast() {
		LogBudget exact = new LogBudget(228, this.now::get);
		for (int user = 0; user < 9; user++) {
			write(exact, String.valueOf(user), 1);
		}
		assertThat(this.lines).hasSize(8);
	}

	@Test
	void stackTraceThatJustFitsIsWritten() {
		Error thrown = new StackOverflowError("deep");
		thrown.setStackTrace(new StackTraceElement[0]);
		// The name of the class, its message and a line break.
		int trace = thrown.toString().length() + System.lineSeparator().length();
		int line = 128 + "failed".length();
		new LogBudget(line + trace, this.now::get).write("1001", () -> "failed", thrown, this::take);
		assertThat(this.traces).hasSize(1);
		new LogBudget(line + trace - 1, this.now::get).write("1001", () -> "failed", thrown, this::take);
		assertThat(this.traces).hasSize(1);
	}

	@Test
	void usersBeyondAThousandShareOneBudgetUntilOthersAreForgotten() {
		LogBudget large = new LogBudget(228 * 200, this.now::get);
		for (int user = 0; user < 1000; user++) {
			large.write(String.valueOf(user), () -> LINE, this.lines::add);
		}
		write(large, "1000", 200);
		this.lines.clear();
		write(large, "1001", 1);
		assertThat(this.lines).isEmpty();
		this.now.addAndGet(TimeUnit.MINUTES.toNanos(1));
		write(large, "1002", 200);
		this.lines.clear();
		write(large, "1003", 1);
		assertThat(this.lines).containsExactly(LINE);
	}

	@Test
	void sizeIsCountedInBytes() {
		this.budget.write("1001", () -> "\u5929".repeat(700), this.lines::add);
		write("1001", 1);
		assertThat(this.lines).hasSize(1);
	}

	@Test
	void stackTraceThatDoesNotFitIsLeftOut() {
		StackOverflowError deep = new StackOverflowError("deep\u202E");
		StackTraceElement[] frames = new StackTraceElement[1024];
		Arrays.fill(frames, new StackTraceElement("some.application.Handler", "handle", "Handler.java", 1));
		deep.setStackTrace(frames);
		write("1001", deep);
		assertThat(this.traces).isEmpty();
		assertThat(this.lines)
			.containsExactly("failed: java.lang.StackOverflowError: deep\\u202E (stack trace left out)");
	}

	@Test
	void stackTraceThatFitsIsWrittenWithItsMessagesEscapedAndCounts() {
		IllegalStateException thrown = new IllegalStateException("a\u202Eb");
		thrown.setStackTrace(new StackTraceElement[0]);
		write("1001", thrown);
		assertThat(this.lines).containsExactly("failed");
		assertThat(this.traces).singleElement().asString().isEqualTo("java.lang.IllegalStateException: a\\u202Eb");
		for (int i = 0; i < 100; i++) {
			write("1001", thrown);
		}
		// Without the stack traces it would be 14.
		assertThat(this.lines).hasSizeBetween(10, 13);
	}

	@Test
	void budgetOfNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LogBudget(0)).withMessageContaining("bytes");
	}

}
