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

package io.namedpipe.transport;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.ScriptedChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Deadlines of conversations.
 */
@Timeout(60)
class PipeWatchdogTests {

	private static final Duration SHORT = Duration.ofMillis(30);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final String threadName = "watchdog-" + UUID.randomUUID();

	private final PipeWatchdog watchdog = new PipeWatchdog(this.threadName);

	private final ScriptedChannel channel = new ScriptedChannel();

	@Test
	void closesTheChannelWhenTheTimeIsOver() {
		long start = System.nanoTime();
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", SHORT);
		await().until(guard::isExpired);
		await().until(() -> this.channel.closes() == 1);
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
	}

	@Test
	void leavesAChannelAloneThatIsNotArmedOrHasNoTimeLimit() {
		ScriptedChannel unlimited = new ScriptedChannel();
		this.watchdog.watch(this.channel);
		this.watchdog.watch(unlimited).arm("Something", Duration.ZERO);
		expireAnother();
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(unlimited.isOpen()).isTrue();
	}

	@Test
	void leavesAChannelAloneThatWasDoneInTime() {
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", LONG);
		guard.arm("The next thing", LONG);
		guard.disarm();
		expireAnother();
		assertThat(guard.isExpired()).isFalse();
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void armingAgainReplacesTheDeadline() {
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", LONG);
		guard.arm("Something quick", SHORT);
		await().until(guard::isExpired);
		assertThat(guard.translate(new PipeClosedException("closed"))).isInstanceOf(PipeTimeoutException.class)
			.hasMessage("Something quick took longer than 30 ms")
			.hasRootCauseMessage("closed");
	}

	@Test
	void armingDoesNotReviveWhatHasExpired() {
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", SHORT);
		await().until(guard::isExpired);
		guard.arm("Another thing", LONG);
		guard.disarm();
		assertThat(guard.isExpired()).isTrue();
		assertThat(guard.translate(new PipeClosedException("closed"))).hasMessageStartingWith("Something took");
	}

	@Test
	void leavesFailuresAsTheyAreThatCameInTime() {
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", LONG);
		PipeResetException failure = new PipeResetException("reset");
		assertThat(guard.translate(failure)).isSameAs(failure);
		guard.close();
	}

	@Test
	void closedGuardIsNotWatchedAnyMore() {
		PipeWatchdog.Guard guard = this.watchdog.watch(this.channel);
		guard.arm("Something", SHORT);
		guard.close();
		guard.arm("Something", SHORT);
		expireAnother();
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void channelThatFailsToCloseDoesNotEndTheWatchOverOthers() {
		this.watchdog.watch(new ScriptedChannel() {

			@Override
			public void close() {
				throw new PipeException("cannot close");
			}

		}).arm("Something", SHORT);
		this.watchdog.watch(new ScriptedChannel() {

			@Override
			public void close() {
				throw new IllegalStateException("broken");
			}

		}).arm("Something", SHORT);
		expireAnother();
		expireAnother();
	}

	@Test
	void interruptDoesNotStopTheWatch() {
		this.watchdog.watch(this.channel).arm("Something", LONG);
		watchdogThreads().forEach(Thread::interrupt);
		expireAnother();
	}

	@Test
	void threadIsADaemonThatEndsWithTheWatchdog() {
		assertThat(watchdogThreads()).singleElement().satisfies((thread) -> assertThat(thread.isDaemon()).isTrue());
		this.watchdog.close();
		await().until(() -> watchdogThreads().isEmpty());
	}

	@Test
	void watchesAgainAfterItSleptForWantOfWork() {
		await().atMost(30, TimeUnit.SECONDS)
			.until(() -> watchdogThreads().stream().allMatch((thread) -> thread.getState() == Thread.State.WAITING));
		expireAnother();
	}

	@AfterEach
	void closeWatchdog() {
		this.watchdog.close();
	}

	private void expireAnother() {
		ScriptedChannel another = new ScriptedChannel();
		this.watchdog.watch(another).arm("Another", SHORT);
		await().until(() -> !another.isOpen());
	}

	private List<Thread> watchdogThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(this.threadName))
			.toList();
	}

}
