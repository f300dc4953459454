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

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * Counts the bytes of one transfer, and tells the listener now and then.
 */
final class TransferProgress {

	private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final PipeProgressListener listener;

	private final long offset;

	private final long total;

	private final long start = System.nanoTime();

	private long told = this.start;

	private long count;

	/**
	 * Begin to count.
	 * @param listener the listener
	 * @param offset the bytes that were there before
	 * @param total the bytes in all, -1 if they are not known
	 */
	TransferProgress(PipeProgressListener listener, long offset, long total) {
		this.listener = listener;
		this.offset = offset;
		this.total = total;
		tell(this.start);
	}

	void add(long bytes) {
		this.count += bytes;
		long now = System.nanoTime();
		if (now - this.told >= INTERVAL_NANOS) {
			tell(now);
		}
	}

	void end() {
		tell(System.nanoTime());
	}

	private void tell(long now) {
		this.told = now;
		double seconds = Math.max(now - this.start, 1) / 1e9;
		this.listener.transferred(this.offset + this.count, this.total, this.count / seconds);
	}

	/**
	 * Count what is read from a stream.
	 * @param stream the stream
	 * @return a stream with the same content
	 */
	InputStream counting(InputStream stream) {
		return new FilterInputStream(stream) {

			private boolean ended;

			@Override
			public int read() throws IOException {
				byte[] single = new byte[1];
				return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
			}

			@Override
			public int read(byte[] target, int from, int length) throws IOException {
				int read = super.read(target, from, length);
				if (read >= 0) {
					add(read);
				}
				else if (!this.ended) {
					this.ended = true;
					end();
				}
				return read;
			}

		};
	}

}
