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

import java.util.Set;

import org.junit.jupiter.api.Test;

import io.namedpipe.listener.Shares.Outcome;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How something limited is shared.
 */
class SharesTests {

	private static final ClientUser ALICE = new ClientUser("1001", false);

	private static final ClientUser BOB = new ClientUser("1002", false);

	private static final ClientUser ROOT = new ClientUser("0", true);

	private static final ClientUser UNKNOWN = ClientUser.of(new ScriptedChannel() {

		@Override
		public String presumedPeerId() {
			throw new PipeException("not known yet");
		}

	}, Set.of());

	private final Shares shares = new Shares(6, 2, 1);

	private Outcome acquire(ClientUser user, int times) {
		// By another thread than the one before: nothing stays locked.
		return Background.run(() -> {
			Outcome outcome = Outcome.ACQUIRED;
			for (int i = 0; i < times; i++) {
				outcome = this.shares.tryAcquire(user);
			}
			return outcome;
		}).join();
	}

	@Test
	void userHasItsShareAndNoMore() {
		assertThat(acquire(ALICE, 2)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.USER_LIMIT);
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.ACQUIRED);
		this.shares.release(ALICE);
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.USER_LIMIT);
	}

	@Test
	void userThatGivesAllBackHasItsWholeShare() {
		acquire(ALICE, 2);
		this.shares.release(ALICE);
		this.shares.release(ALICE);
		assertThat(acquire(ALICE, 2)).isEqualTo(Outcome.ACQUIRED);
	}

	@Test
	void reserveIsForOwnersWhoHaveNoShareOfTheirOwn() {
		acquire(ALICE, 2);
		acquire(BOB, 2);
		assertThat(acquire(UNKNOWN, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(new ClientUser("1003", false), 1)).isEqualTo(Outcome.TOTAL_LIMIT);
		assertThat(acquire(ROOT, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(ROOT, 1)).isEqualTo(Outcome.TOTAL_LIMIT);
		this.shares.release(UNKNOWN);
		assertThat(acquire(ROOT, 1)).isEqualTo(Outcome.ACQUIRED);
	}

	@Test
	void usersWhoAreNotKnownHaveNoShareTogether() {
		assertThat(acquire(UNKNOWN, 5)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(UNKNOWN, 1)).isEqualTo(Outcome.TOTAL_LIMIT);
	}

	@Test
	void whatIsMovedIsCountedForTheOtherUser() {
		acquire(UNKNOWN, 3);
		assertThat(this.shares.tryMove(UNKNOWN, ALICE)).isTrue();
		assertThat(this.shares.tryMove(UNKNOWN, ALICE)).isTrue();
		assertThat(this.shares.tryMove(UNKNOWN, ALICE)).isFalse();
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.USER_LIMIT);
		assertThat(this.shares.tryMove(ALICE, BOB)).isTrue();
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.USER_LIMIT);
	}

	@Test
	void moveToTheSameUserIsAlwaysPossible() {
		acquire(ALICE, 2);
		assertThat(this.shares.tryMove(ALICE, ALICE)).isTrue();
		assertThat(acquire(ALICE, 1)).isEqualTo(Outcome.USER_LIMIT);
	}

	@Test
	void moveChangesNothingOfTheTotal() {
		acquire(UNKNOWN, 5);
		assertThat(this.shares.tryMove(UNKNOWN, ALICE)).isTrue();
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.TOTAL_LIMIT);
		this.shares.release(ALICE);
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.ACQUIRED);
		assertThat(acquire(BOB, 1)).isEqualTo(Outcome.TOTAL_LIMIT);
	}

	@Test
	void reserveOfAnOwnerCannotBeMovedToAnother() {
		acquire(ROOT, 6);
		assertThat(this.shares.tryMove(ROOT, ALICE)).isFalse();
		this.shares.release(ROOT);
		assertThat(this.shares.tryMove(ROOT, ALICE)).isTrue();
		assertThat(this.shares.tryMove(ROOT, new ClientUser("S-1-5-18", true))).isTrue();
	}

}
