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

package io.namedpipe.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The content of a reply, which gives its connection back once, and the progress of a
 * transfer.
 */
class ReleasingStreamTests {

	private static final byte[] CONTENT = { 1, -1, 3 };

	private final AtomicInteger releases = new AtomicInteger();

	private final AtomicInteger closes = new AtomicInteger();

	private final ReleasingStream stream = stream(CONTENT);

	private ReleasingStream stream(byte[] content) {
		return new ReleasingStream(new ByteArrayInputStream(content) {

			@Override
			public void close() throws IOException {
				ReleasingStreamTests.this.closes.incrementAndGet();
				if (content.length == 0) {
					throw new IOException("made to fail");
				}
			}

		}, this.releases::incrementAndGet);
	}

	@Test
	void endOfTheContentReleasesTheConnectionOnce() throws Exception {
		assertThat(this.stream.read()).isOne();
		assertThat(this.stream.read()).isEqualTo(255);
		assertThat(this.stream.read(new byte[2], 1, 1)).isOne();
		assertThat(this.releases).hasValue(0);
		assertThat(this.stream.read()).isEqualTo(-1);
		assertThat(this.releases).hasValue(1);
		assertThat(this.stream.read(new byte[1])).isEqualTo(-1);
		this.stream.close();
		assertThat(this.releases).hasValue(1);
		// The connection may already serve another request.
		assertThat(this.closes).hasValue(0);
	}

	@Test
	void closeReleasesTheConnectionAndEndsTheContent() throws Exception {
		this.stream.close();
		this.stream.close();
		assertThat(this.releases).hasValue(1);
		assertThat(this.closes).hasValue(1);
		assertThatExceptionOfType(IOException.class).isThrownBy(this.stream::read)
			.withMessage("The content of the reply is closed");
	}

	@Test
	void closeThatFailsReleasesTheConnectionToo() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> stream(new byte[0]).close());
		assertThat(this.releases).hasValue(1);
	}

	@Test
	void readOfNothingReadsNothing() throws Exception {
		assertThat(this.stream.read(new byte[1], 0, 0)).isZero();
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> this.stream.read(new byte[1], 0, 2));
		assertThat(this.stream.readAllBytes()).isEqualTo(CONTENT);
		assertThat(this.stream.read(new byte[1], 0, 0)).isEqualTo(-1);
	}

	@Test
	void progressIsToldAtTheBeginNowAndThenAndAtTheEnd() {
		List<Long> told = new ArrayList<>();
		List<Double> rates = new ArrayList<>();
		long before = System.nanoTime();
		TransferProgress progress = new TransferProgress((transferred, total, rate) -> {
			told.add(transferred);
			assertThat(total).isEqualTo(1000);
			rates.add(rate);
		}, 100, 1000);
		assertThat(told).containsExactly(100L);
		progress.add(10);
		progress.add(10);
		if (System.nanoTime() - before < 100_000_000) {
			assertThat(told).hasSize(1);
		}
		await().until(() -> {
			progress.add(1);
			return told.size() == 2;
		});
		double seconds = (System.nanoTime() - before) / 1e9;
		progress.end();
		assertThat(told).hasSize(3);
		assertThat(told.get(2)).isGreaterThan(120).isGreaterThanOrEqualTo(told.get(1));
		// Bytes in a second, of a transfer that took at least a tenth of one.
		assertThat(rates.get(0)).isZero();
		assertThat(rates.get(1)).isBetween((told.get(1) - 100) / seconds, (told.get(1) - 100) / 0.1);
	}

	@Test
	void bytesThatAreReadAreCounted() throws Exception {
		List<Long> told = new ArrayList<>();
		InputStream counting = new TransferProgress((transferred, total, rate) -> told.add(transferred), 0, 3)
			.counting(new ByteArrayInputStream(CONTENT));
		assertThat(counting.read(new byte[0])).isZero();
		assertThat(counting.read()).isOne();
		assertThat(counting.read()).isEqualTo(255);
		assertThat(counting.read(new byte[9])).isOne();
		assertThat(counting.read()).isEqualTo(-1);
		int size = told.size();
		assertThat(told).startsWith(0L).endsWith(3L);
		assertThat(counting.read()).isEqualTo(-1);
		assertThat(told).hasSize(size);
	}

}
