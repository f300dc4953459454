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

package io.namedpipe.deadline;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Deadlines of conversations.
 */
@Timeout(120)
class DeadlinesTests {

	private static final Duration SHORT = Duration.ofMillis(30);

	/** A time limit that no task exceeds, even on a busy machine. */
	private static final Duration AMPLE = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final String threadName = "deadlines-" + UUID.randomUUID();

	private final Deadlines deadlines = new Deadlines(this.threadName);

	private final ScriptedChannel channel = new ScriptedChannel();

	@Test
	void closesTheChannelWhenTheTimeIsOver() {
		long start = System.nanoTime();
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", SHORT, "some-timeout");
		await().until(deadline::isExpired);
		await().until(() -> this.channel.closes() == 1);
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
	}

	@Test
	void goesOnAfterAnErrorOfADeadlineOrOfTheRepeatedTask() {
		AtomicInteger runs = new AtomicInteger();
		try (Deadlines failing = new Deadlines(this.threadName + "-failing", SHORT, () -> {
			runs.incrementAndGet();
			throw new OutOfMemoryError("unable to create native thread");
		})) {
			failing.watch(() -> {
				throw new StackOverflowError("of a deadline");
			}).arm("Something", SHORT, "some-timeout");
			Deadline deadline = failing.watch(this.channel::close);
			await().until(() -> runs.get() > 3);
			deadline.arm("Something", SHORT, "some-timeout");
			await().until(() -> this.channel.closes() == 1);
		}
	}

	@Test
	void leavesAChannelAloneThatIsNotArmedOrHasNoTimeLimit() {
		ScriptedChannel unlimited = new ScriptedChannel();
		this.deadlines.watch(this.channel::close);
		this.deadlines.watch(unlimited::close).arm("Something", Duration.ZERO, "some-timeout");
		expireAnother();
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(unlimited.isOpen()).isTrue();
	}

	@Test
	void leavesAChannelAloneThatWasDoneInTime() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", LONG, "some-timeout");
		deadline.arm("The next thing", LONG, "some-timeout");
		deadline.disarm();
		expireAnother();
		assertThat(deadline.isExpired()).isFalse();
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void workThatMakesProgressIsNotCutAndWorkThatStallsIs() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", Duration.ofMillis(1500), "some-timeout");
		AtomicInteger progress = new AtomicInteger();
		long start = System.nanoTime();
		deadline.watching(progress::get, () -> await().pollInterval(Duration.ofMillis(10)).until(() -> {
			progress.incrementAndGet();
			return System.nanoTime() - start > Duration.ofMillis(2500).toNanos();
		}));
		assertThat(deadline.isExpired()).isFalse();
		deadline.watching(progress::get, () -> await().until(deadline::isExpired));
	}

	@Test
	void totalExpiresHoweverOftenTasksBeginAndProgress() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.limitTotal("Everything", SHORT, "total-timeout");
		await().until(() -> {
			deadline.arm("Something", LONG, "some-timeout");
			deadline.restart();
			deadline.disarm();
			return deadline.isExpired();
		});
		await().until(() -> this.channel.closes() == 1);
		assertThat(deadline.message()).isEqualTo("Everything took longer than 30 ms (total-timeout)");
	}

	@Test
	void totalCanBeTakenBack() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.limitTotal("Everything", AMPLE, "total-timeout");
		deadline.limitTotal("Everything", Duration.ZERO, "total-timeout");
		expireAnother(AMPLE.plus(SHORT));
		assertThat(deadline.isExpired()).isFalse();
	}

	@Test
	void taskThatIsTooSlowIsNamedAlthoughThereIsATotal() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.limitTotal("Everything", LONG, "total-timeout");
		deadline.arm("Something", SHORT, "some-timeout");
		await().until(deadline::isExpired);
		assertThat(deadline.message()).isEqualTo("Something took longer than 30 ms (some-timeout)");
	}

	@Test
	void armingAgainReplacesTheDeadline() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", LONG, "some-timeout");
		deadline.arm("Something quick", SHORT, "some-timeout");
		await().until(deadline::isExpired);
		assertThat(deadline.message()).isEqualTo("Something quick took longer than 30 ms (some-timeout)");
		assertThat(translate(deadline, new PipeClosedException("closed"))).isInstanceOf(PipeTimeoutException.class)
			.hasMessage("Something quick took longer than 30 ms (some-timeout)")
			.hasRootCauseMessage("closed");
	}

	@Test
	void armingDoesNotReviveWhatHasExpired() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", SHORT, "some-timeout");
		await().until(deadline::isExpired);
		deadline.arm("Another thing", LONG, "some-timeout");
		deadline.disarm();
		assertThat(deadline.isExpired()).isTrue();
		assertThat(translate(deadline, new PipeClosedException("closed"))).hasMessageStartingWith("Something took");
	}

	@Test
	void leavesFailuresAsTheyAreThatCameInTime() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", LONG, "some-timeout");
		PipeResetException failure = new PipeResetException("reset");
		assertThat(translate(deadline, failure)).isSameAs(failure);
		deadline.close();
	}

	@Test
	void closedDeadlineIsNotWatchedAnyMore() {
		Deadline deadline = this.deadlines.watch(this.channel::close);
		deadline.arm("Something", AMPLE, "some-timeout");
		deadline.close();
		deadline.arm("Something", SHORT, "some-timeout");
		expireAnother(AMPLE.plus(SHORT));
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void channelThatFailsToCloseDoesNotEndTheWatchOverOthers() {
		this.deadlines.watch(() -> {
			throw new PipeException("cannot close");
		}).arm("Something", SHORT, "some-timeout");
		this.deadlines.watch(() -> {
			throw new IllegalStateException("broken");
		}).arm("Something", SHORT, "some-timeout");
		expireAnother();
		expireAnother();
	}

	@Test
	void interruptDoesNotStopTheWatch() {
		this.deadlines.watch(this.channel::close).arm("Something", LONG, "some-timeout");
		deadlinesThreads().forEach(Thread::interrupt);
		expireAnother();
	}

	@Test
	void threadIsADaemonThatEndsWithTheDeadlines() {
		assertThat(deadlinesThreads()).singleElement().satisfies((thread) -> assertThat(thread.isDaemon()).isTrue());
		this.deadlines.close();
		await().until(() -> deadlinesThreads().isEmpty());
	}

	@Test
	void watchesAgainAfterItSleptForWantOfWork() {
		await().atMost(30, TimeUnit.SECONDS)
			.until(() -> deadlinesThreads().stream().allMatch((thread) -> thread.getState() == Thread.State.WAITING));
		expireAnother();
	}

	private PipeException translate(Deadline deadline, PipeException failure) {
		return new ServerConnection("test", this.channel, deadline, ServerTimeouts.DEFAULTS).translate(failure);
	}

	@AfterEach
	void closeDeadlines() {
		this.deadlines.close();
	}

	private void expireAnother() {
		expireAnother(SHORT);
	}

	private void expireAnother(Duration limit) {
		ScriptedChannel another = new ScriptedChannel();
		this.deadlines.watch(another::close).arm("Another", limit, "some-timeout");
		await().until(() -> !another.isOpen());
	}

	private List<Thread> deadlinesThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(this.threadName))
			.toList();
	}

}
