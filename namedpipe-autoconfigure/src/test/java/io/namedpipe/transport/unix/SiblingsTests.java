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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of who may keep a processor busy while it waits, and for how long.
 */
class SiblingsTests {

	private final Siblings siblings = new Siblings(2);

	@Test
	void threadOfTheOnlyClientLooksLonger() {
		connectAlone(Siblings.ALONE - 1);
		assertThat(this.siblings.hasOneClient()).isFalse();
		connectAlone(1);
		assertThat(this.siblings.hasOneClient()).isTrue();
		this.siblings.add();
		assertThat(this.siblings.beginLook()).isEqualTo(Siblings.LONG_LOOK_NANOS);
	}

	@Test
	void threadOfOneOfAFewClientsLooksShortly() {
		connectAlone(Siblings.ALONE);
		this.siblings.add();
		this.siblings.add();
		assertThat(this.siblings.beginLook()).isEqualTo(Siblings.SHORT_LOOK_NANOS);
		this.siblings.endLook();
		this.siblings.remove();
		assertThat(this.siblings.beginLook()).isEqualTo(Siblings.SHORT_LOOK_NANOS);
	}

	@Test
	void oneThreadAtATimeLooks() {
		this.siblings.add();
		this.siblings.add();
		assertThat(this.siblings.beginLook()).isPositive();
		assertThat(this.siblings.beginLook()).isZero();
		this.siblings.endLook();
		assertThat(this.siblings.beginLook()).isPositive();
	}

	@Test
	void nobodyLooksAmongManyClients() {
		for (int i = 0; i < 4; i++) {
			this.siblings.add();
		}
		assertThat(this.siblings.beginLook()).isPositive();
		this.siblings.endLook();
		this.siblings.add();
		assertThat(this.siblings.beginLook()).isZero();
		this.siblings.remove();
		assertThat(this.siblings.beginLook()).isPositive();
	}

	@Test
	void clientsThatWaitedTogetherAreNotTheOnlyOne() {
		connectAlone(Siblings.ALONE);
		this.siblings.crowd();
		assertThat(this.siblings.hasOneClient()).isFalse();
	}

	@Test
	void onlyClientMayBeBackBeforeItsLastConnectionIsClosed() {
		connectAlone(100);
		this.siblings.add();
		this.siblings.add();
		this.siblings.remove();
		this.siblings.remove();
		assertThat(this.siblings.hasOneClient()).isTrue();
	}

	@Test
	void clientsThatMeetAsOftenAsNotAreSeveral() {
		for (int i = 0; i < 100; i++) {
			this.siblings.add();
			this.siblings.add();
			assertThat(this.siblings.hasOneClient()).isFalse();
			this.siblings.remove();
			this.siblings.remove();
		}
		connectAlone(100);
		for (int i = 0; i < 3; i++) {
			this.siblings.crowd();
		}
		assertThat(this.siblings.hasOneClient()).isFalse();
	}

	@Test
	void nothingIsKnownOfTheOnlyClientAfterASlowOne() {
		connectAlone(100);
		this.siblings.forget();
		connectAlone(Siblings.ALONE - 1);
		assertThat(this.siblings.hasOneClient()).isFalse();
	}

	@Test
	void nobodyLooksWhereThereIsOneProcessor() {
		Siblings single = new Siblings(1);
		for (int i = 0; i <= Siblings.ALONE; i++) {
			single.add();
			assertThat(single.beginLook()).isZero();
			single.remove();
		}
		assertThat(single.hasOneClient()).isFalse();
	}

	private void connectAlone(int times) {
		for (int i = 0; i < times; i++) {
			this.siblings.add();
			this.siblings.remove();
		}
	}

}
