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

import java.nio.ByteBuffer;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.anonymous.PipePair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PipeDirection}.
 */
class PipeDirectionTests {

	@Test
	void endsAreReadAndWrittenByTheDirection() {
		assertThat(PipeDirection.DUPLEX.isReadable(true)).isTrue();
		assertThat(PipeDirection.DUPLEX.isWritable(false)).isTrue();
		assertThat(PipeDirection.INBOUND.isReadable(true)).isTrue();
		assertThat(PipeDirection.INBOUND.isWritable(true)).isFalse();
		assertThat(PipeDirection.OUTBOUND.isReadable(false)).isTrue();
		assertThat(PipeDirection.OUTBOUND.isWritable(false)).isFalse();
	}

	@Test
	void duplexChannelIsLeftAsItIs() {
		try (PipePair pair = PipePair.open()) {
			assertThat(PipeDirection.DUPLEX.limit(pair.first(), true)).isSameAs(pair.first());
		}
	}

	@Test
	void limitedChannelIsCheckedAsItsDelegateIs() {
		try (PipePair pair = PipePair.open()) {
			PipeChannel limited = PipeDirection.INBOUND.limit(new StrictChannel(pair.first()), true);
			assertThatExceptionOfType(PipeAccessDeniedException.class)
				.isThrownBy(() -> limited.recheckPeer(Duration.ZERO));
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(limited::requireOwnIdentity);
			assertThat(limited.peerId()).isEqualTo("strict");
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> limited.write(ByteBuffer.allocate(1)));
		}
	}

	private static final class StrictChannel extends DelegatingPipeChannel {

		StrictChannel(PipeChannel channel) {
			super(channel);
		}

		@Override
		public String peerId() {
			return "strict";
		}

		@Override
		public void recheckPeer(Duration maxAge) {
			throw new PipeAccessDeniedException("The user was removed");
		}

		@Override
		public void requireOwnIdentity() {
			throw new PipeImpersonationException("The thread has another identity");
		}

	}

}
