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

package io.namedpipe.transport.unix;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of a place that is kept: it is taken back or let go, never both and never
 * neither.
 */
@Timeout(60)
class KeptPlaceTests {

	private final AtomicInteger letGo = new AtomicInteger();

	private final KeptPlace place = new KeptPlace(this.letGo::incrementAndGet);

	@AfterEach
	void close() {
		this.place.close();
	}

	@Test
	void isLetGoOnceWhenItsThreadDoesNotComeBack() {
		this.place.keep();
		await().untilAtomic(this.letGo, (count) -> assertThat(count).isEqualTo(1));
		assertThat(this.place.takeBack()).isFalse();
		this.place.close();
		assertThat(this.letGo).hasValue(1);
	}

	@Test
	void isTakenBackOrLetGoEachTime() {
		int takenBack = 0;
		int rounds = 20_000;
		for (int i = 0; i < rounds; i++) {
			this.place.keep();
			if (i % 1000 == 0) {
				int before = this.letGo.get();
				await().untilAtomic(this.letGo, (count) -> assertThat(count).isGreaterThan(before));
			}
			takenBack += this.place.takeBack() ? 1 : 0;
		}
		assertThat(takenBack).isPositive();
		assertThat(takenBack + this.letGo.get()).isEqualTo(rounds);
	}

	@Test
	void isNotForOtherThreads() throws Exception {
		for (int i = 0; i < 100; i++) {
			this.place.keep();
			assertThat(Background.get(Background.run(this.place::takeBack))).isFalse();
			this.place.takeBack();
		}
	}

	@Test
	void nobodyTakesBackWhatNobodyKeeps() {
		assertThat(this.place.takeBack()).isFalse();
		assertThat(this.letGo).hasValue(0);
	}

	@Test
	void isLetGoAfterAGuardThatSlept() throws Exception {
		this.place.keep();
		await().untilAtomic(this.letGo, (count) -> assertThat(count).isEqualTo(1));
		await().until(this.place::isGuardAsleep);
		this.place.keep();
		await().untilAtomic(this.letGo, (count) -> assertThat(count).isEqualTo(2));
	}

	@Test
	void isLetGoAtOnceWhenClosed() {
		this.place.close();
		this.place.keep();
		assertThat(this.letGo).hasValue(1);
	}

}
