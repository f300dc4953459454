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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.namedpipe.posix.PeerCredentials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Users that are kept for a while, so that not every connection has to look them up.
 */
class UnixPeersTests {

	private final AtomicLong clock = new AtomicLong();

	private final UnixPeers peers = new UnixPeers(new FakeUserDatabase(), this.clock::get, null);

	private UnixUser resolve(int uid, int gid) {
		return this.peers.resolve(new PeerCredentials(1, uid, gid, new int[0])).user();
	}

	@Test
	void usersAreToldApartByBothNumbers() {
		for (int[] ids : new int[][] { { 5, 6 }, { 7, 6 }, { 5, 8 }, { 0, 6 }, { 6, 5 }, { -2, 6 }, { 5, -2 } }) {
			UnixUser user = resolve(ids[0], ids[1]);
			assertThat(user.uid()).isEqualTo(ids[0]);
			assertThat(user.gid()).isEqualTo(ids[1]);
			assertThat(resolve(ids[0], ids[1])).isSameAs(user);
		}
	}

	@Test
	void userIsKeptForFiveSeconds() {
		UnixUser user = resolve(5, 6);
		this.clock.set(TimeUnit.SECONDS.toNanos(5) - 1);
		assertThat(resolve(5, 6)).isSameAs(user);
		this.clock.set(TimeUnit.SECONDS.toNanos(5));
		assertThat(resolve(5, 6)).isNotSameAs(user);
	}

	@Test
	void notMoreUsersThanALimitAreKept() {
		UnixUser first = resolve(1, 1);
		for (int uid = 2; uid <= 1024; uid++) {
			resolve(uid, 1);
		}
		assertThat(resolve(1, 1)).isSameAs(first);
		resolve(1025, 1);
		assertThat(resolve(1, 1)).isNotSameAs(first);
	}

}
