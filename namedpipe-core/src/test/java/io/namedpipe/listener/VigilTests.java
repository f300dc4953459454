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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAddress;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of when a thread stays awake.
 */
@Timeout(30)
class VigilTests {

	private static final Duration EVER = Duration.ofHours(1);

	private static final Duration AT_ONCE = Duration.ofNanos(1);

	private final BlockingQueue<Thread> started = new LinkedBlockingQueue<>();

	private final AtomicBoolean alone = new AtomicBoolean(true);

	private Vigil vigil(boolean possible, Duration soon, Duration patience) {
		return new Vigil(possible, soon, patience, this.alone::get, (body) -> {
			Thread thread = new Thread(body, "vigil");
			thread.setDaemon(true);
			this.started.add(thread);
			return thread;
		});
	}

	private static void exchange(Vigil vigil, int times) {
		for (int i = 0; i < times; i++) {
			vigil.arrived();
			vigil.served();
		}
	}

	@Test
	void staysForAClientThatComesAgainUntilItComesNoMore() throws Exception {
		Vigil vigil = vigil(true, EVER, Duration.ofMillis(50));
		exchange(vigil, 2);
		this.started.take().join();
		exchange(vigil, 1);
		this.started.take().join();
	}

	@Test
	void oneStaysAsLongAsTheClientComes() {
		Vigil vigil = vigil(true, EVER, Duration.ofSeconds(1));
		exchange(vigil, 1000);
		assertThat(this.started).singleElement().matches(Thread::isAlive);
	}

	@Test
	void doesNotStayForAFirstClient() {
		exchange(vigil(true, EVER, EVER), 1);
		assertThat(this.started).isEmpty();
	}

	@Test
	void doesNotStayForAClientThatTakesItsTime() {
		exchange(vigil(true, AT_ONCE, EVER), 2);
		assertThat(this.started).isEmpty();
	}

	@Test
	void doesNotStayWhereItIsOfNoUse() {
		exchange(vigil(false, EVER, EVER), 2);
		assertThat(this.started).isEmpty();
	}

	@Test
	void goesAndDoesNotComeAgainWhereClientsAreMany() throws Exception {
		Vigil vigil = vigil(true, EVER, Duration.ofMillis(50));
		exchange(vigil, 2);
		this.alone.set(false);
		Thread thread = this.started.take();
		while (thread.isAlive()) {
			exchange(vigil, 1);
		}
		this.started.clear();
		exchange(vigil, 2);
		assertThat(this.started).isEmpty();
	}

	@Test
	void nobodyStaysUnlessThatIsAskedFor() {
		PipeContainerSettings settings = PipeContainerSettings.of("p", PipeAddress.of("p"), new StreamStringProtocol())
			.build();
		assertThat(settings.stayAwake()).isFalse();
	}

}
