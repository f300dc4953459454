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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of when a thread stays awake after a client.
 */
@Timeout(30)
class VigilTests {

	private static final Duration EVER = Duration.ofHours(1);

	private final AtomicInteger questions = new AtomicInteger();

	private final AtomicBoolean alone = new AtomicBoolean(true);

	private Vigil vigil(boolean possible, Duration soon, Duration patience) {
		return new Vigil(possible, soon, patience, () -> {
			this.questions.incrementAndGet();
			return this.alone.get();
		});
	}

	private static Vigil exchanged(Vigil vigil) {
		vigil.arrived();
		vigil.served();
		vigil.arrived();
		return vigil;
	}

	@Test
	void staysForAClientThatComesAgainUntilItComesNoMore() {
		Duration patience = Duration.ofMillis(20);
		Vigil vigil = exchanged(vigil(true, EVER, patience));
		long since = System.nanoTime();
		vigil.served();
		assertThat(System.nanoTime() - since).isGreaterThanOrEqualTo(patience.toNanos());
		assertThat(this.questions).hasValueGreaterThan(1);
	}

	@Test
	void doesNotStayForAFirstClient() {
		Vigil vigil = vigil(true, Duration.ofNanos(1), EVER);
		vigil.arrived();
		vigil.served();
		assertThat(this.questions).hasValue(0);
	}

	@Test
	void doesNotStayForAClientThatTakesItsTime() {
		exchanged(vigil(true, Duration.ofNanos(1), EVER)).served();
		assertThat(this.questions).hasValue(0);
	}

	@Test
	void doesNotStayWhereItIsOfNoUse() {
		exchanged(vigil(false, EVER, EVER)).served();
		assertThat(this.questions).hasValue(0);
	}

	@Test
	void doesNotStayWhereClientsAreMany() {
		this.alone.set(false);
		exchanged(vigil(true, EVER, EVER)).served();
		assertThat(this.questions).hasValue(1);
	}

	@Test
	void oneStaysUntilClientsAreMany() throws Exception {
		CountDownLatch stays = new CountDownLatch(2);
		Vigil vigil = new Vigil(true, EVER, EVER, () -> {
			stays.countDown();
			return this.alone.get();
		});
		exchanged(vigil);
		CompletableFuture<Boolean> first = Background.run(() -> {
			vigil.served();
			return true;
		});
		stays.await();
		vigil.arrived();
		vigil.served();
		assertThat(first).isNotDone();
		this.alone.set(false);
		assertThat(Background.get(first)).isTrue();
	}

}
