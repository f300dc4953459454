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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The meaning of the time-outs of connecting on every transport.
 */
@Timeout(120)
class ConnectBudgetTests {

	private static final PipeAddress ADDRESS = PipeAddress.of("files");

	private static final Duration SHORT = Duration.ofMillis(60);

	private static final Duration LONG = Duration.ofMinutes(5);

	private int attempts;

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void connectsAtOnceWithoutABudget() {
		assertThat(connect(Duration.ZERO, Duration.ZERO, answers())).isEqualTo("connected");
		assertThat(this.attempts).isOne();
	}

	@Test
	void budgetOfZeroIsOneAttempt() {
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> connect(Duration.ZERO, LONG, answers(missing())));
		assertThatExceptionOfType(PipeBusyException.class)
			.isThrownBy(() -> connect(LONG, Duration.ZERO, answers(busy())));
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void triesAgainWhileThereIsABudget() {
		assertThat(connect(LONG, LONG, answers(missing(), busy(), missing(), busy()))).isEqualTo("connected");
		assertThat(this.attempts).isEqualTo(5);
	}

	@Test
	void endsWithTheReasonWhenItsBudgetIsUsedUp() {
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> connect(SHORT, LONG, () -> {
			throw missing();
		}));
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> connect(LONG, SHORT, () -> {
			throw busy();
		}));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT.multipliedBy(2));
	}

	@Test
	void waitingForTheServerDoesNotUseUpTheTimeForABusyOne() {
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> connect(LONG, SHORT, () -> {
			throw (System.nanoTime() - start < SHORT.toNanos()) ? missing() : busy();
		}));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT.multipliedBy(2));
	}

	@Test
	void timeThatAnAttemptTakesCounts() {
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> connect(LONG, SHORT, () -> {
			this.attempts++;
			long start = System.nanoTime();
			while (System.nanoTime() - start < SHORT.toNanos()) {
				Thread.onSpinWait();
			}
			throw busy();
		}));
		assertThat(this.attempts).isOne();
	}

	@Test
	void anyOtherFailureEndsTheConnecting() {
		assertThatExceptionOfType(PipeAccessDeniedException.class)
			.isThrownBy(() -> connect(LONG, LONG, answers(new PipeAccessDeniedException("no"))));
		assertThat(this.attempts).isOne();
	}

	@Test
	void interruptEndsTheConnectingAndStaysSet() {
		for (Duration budget : List.of(Duration.ZERO, LONG)) {
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> connect(budget, LONG, () -> {
				Thread.currentThread().interrupt();
				throw missing();
			}))
				.withMessage("Connecting to the pipe 'files' was interrupted")
				.withCauseInstanceOf(InterruptedException.class);
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void budgetWithoutEndIsAllowed() {
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThat(connect(forever, forever, answers(missing(), busy()))).isEqualTo("connected");
	}

	private static String connect(Duration waitForServer, Duration connectTimeout, Supplier<String> attempt) {
		return ConnectBudget.connect(ADDRESS,
				PipeClientOptions.builder().waitForServer(waitForServer).connectTimeout(connectTimeout).build(),
				attempt);
	}

	private Supplier<String> answers(PipeException... failures) {
		Deque<PipeException> left = new ArrayDeque<>(List.of(failures));
		return () -> {
			this.attempts++;
			if (!left.isEmpty()) {
				throw left.removeFirst();
			}
			return "connected";
		};
	}

	private static PipeException missing() {
		return new PipeNotFoundException("missing");
	}

	private static PipeException busy() {
		return new PipeBusyException("busy");
	}

}
