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

package io.namedpipe.benchmarks;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The result of a number of clients in one round.
 *
 * @param done the exchanges that were completed
 * @param failed the exchanges that were not: refused, cut, wrong, or without an end
 * @param nanos how long it took
 * @param p50 the median of the exchanges in nanoseconds
 * @param p99 their 99th percentile in nanoseconds
 * @param longest the longest in nanoseconds
 * @param failure what the first failure was, or nothing
 * @param cpu the processor time that the server took in nanoseconds, 0 if not known
 */
record LoadResult(long done, long failed, long nanos, long p50, long p99, long longest, String failure, long cpu) {

	static LoadResult of(long[] latencies, long failed, long nanos, String failure) {
		Arrays.sort(latencies);
		return new LoadResult(latencies.length, failed, nanos, percentile(latencies, 0.5), percentile(latencies, 0.99),
				percentile(latencies, 1), failure, 0);
	}

	private static long percentile(long[] sorted, double part) {
		return (sorted.length == 0) ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * part) - 1)];
	}

	double perSecond() {
		return this.done * 1e9 / this.nanos;
	}

	double cpuPerExchange() {
		return (double) this.cpu / this.done;
	}

	LoadResult withCpu(long nanos) {
		return new LoadResult(this.done, this.failed, this.nanos, this.p50, this.p99, this.longest, this.failure,
				nanos);
	}

	String toLine() {
		return String.join("\t",
				LongStream.of(this.done, this.failed, this.nanos, this.p50, this.p99, this.longest)
					.mapToObj(Long::toString)
					.toList())
				+ "\t" + this.failure.replaceAll("\\s+", " ");
	}

	static LoadResult parse(String line) {
		String[] parts = line.split("\t", -1);
		return new LoadResult(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]),
				Long.parseLong(parts[3]), Long.parseLong(parts[4]), Long.parseLong(parts[5]), parts[6], 0);
	}

}
