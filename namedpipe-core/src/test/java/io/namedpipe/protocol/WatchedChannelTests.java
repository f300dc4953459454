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

package io.namedpipe.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The progress of writes to a slow peer.
 */
class WatchedChannelTests {

	private static final int LARGE = 8 * 1024;

	private final List<Duration> writeTimeouts = new ArrayList<>();

	private boolean busy;

	private final ScriptedChannel channel = new ScriptedChannel() {

		@Override
		public void setWriteTimeout(Duration timeout) {
			if (WatchedChannelTests.this.busy) {
				throw new IllegalStateException("another thread reads");
			}
			WatchedChannelTests.this.writeTimeouts.add(timeout);
		}

	};

	private final Deadline deadline = Sessions.connection(this.channel).deadline();

	@Test
	void largeWriteWithAShortTimeLimitIsDoneInSteps() {
		write(Duration.ofSeconds(1), LARGE + 1);
		assertThat(this.writeTimeouts).containsExactly(Duration.ofSeconds(2));
	}

	@Test
	void otherWritesAreNot() {
		write(Duration.ofSeconds(1), LARGE);
		write(Duration.ZERO, LARGE + 1);
		write(Duration.ofSeconds(10), LARGE + 1);
		assertThat(this.writeTimeouts).isEmpty();
	}

	@Test
	void contentIsWrittenAlsoWhereStepsCannotBeSet() {
		this.busy = true;
		write(Duration.ofSeconds(1), LARGE + 1);
		assertThat(this.writeTimeouts).isEmpty();
	}

	private void write(Duration limit, int size) {
		int before = this.channel.written().length;
		new WatchedChannel(this.channel, this.deadline, limit).write(ByteBuffer.allocate(size));
		assertThat(this.channel.written()).hasSize(before + size);
	}

	@Test
	void timeoutThatTheHandlerHasSetIsKept() {
		WatchedChannel watched = new WatchedChannel(this.channel, this.deadline, Duration.ofSeconds(1));
		watched.setWriteTimeout(Duration.ofSeconds(7));
		watched.write(ByteBuffer.allocate(LARGE + 1));
		assertThat(this.writeTimeouts).containsExactly(Duration.ofSeconds(7));
	}

	@Test
	void partsThatAreTakenStartTheTimeLimitAgain() {
		ScriptedChannel slow = new ScriptedChannel() {

			@Override
			public void write(ByteBuffer source) {
				while (source.hasRemaining()) {
					source.get();
					long before = System.nanoTime();
					await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() - before > 100_000_000);
				}
			}

		};
		Deadline limit = Sessions.connection(slow).deadline();
		limit.arm("Writing", Duration.ofSeconds(2), "write-timeout");
		WatchedChannel.write(slow, limit, Duration.ofSeconds(2), ByteBuffer.allocate(22));
		assertThat(limit.isExpired()).isFalse();
	}

}
