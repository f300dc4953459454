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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the {@link ChannelBenchmarks} in rounds, so that other load of the machine affects
 * every kind of channel, and prints the medians and their ratios to those of the bare
 * channel.
 */
public final class ChannelReport {

	/** The bound for the ratio of a round trip to that of the bare channel. */
	private static final double MAX_RATIO = 1.15;

	private static final String REFERENCE = "bare";

	private static final List<String> CHANNELS = List.of(REFERENCE, "unix", "memory");

	private static final List<String> SIZES = List.of("64", "65536");

	private final Map<String, Map<String, List<Double>>> times = new TreeMap<>();

	private ChannelReport() {
	}

	/**
	 * Run the benchmarks.
	 * @param args see the usage
	 * @throws RunnerException if JMH fails
	 */
	public static void main(String[] args) throws RunnerException {
		Arguments arguments = Arguments.parse(args, "--rounds", "--millis", "--check");
		ChannelReport report = new ChannelReport();
		int rounds = arguments.number("--rounds", 24);
		int millis = arguments.number("--millis", 60);
		List<String> order = new ArrayList<>(CHANNELS);
		for (int round = 0; round < rounds; round++) {
			report.run(order, millis);
			Collections.reverse(order);
		}
		boolean met = report.print();
		if (arguments.has("--check") && !met) {
			System.exit(1);
		}
	}

	private void run(List<String> channels, int millis) throws RunnerException {
		for (String size : SIZES) {
			for (String channel : channels) {
				run("roundTrip %6s B".formatted(size), channel,
						options("roundTrip", channel, millis).param("size", size).build());
			}
		}
		for (String channel : channels) {
			run("bulk 1 MiB", channel, options("bulk", channel, millis).build());
		}
	}

	// All in this JVM, so that there are many rounds, close to each other in time.
	private static ChainedOptionsBuilder options(String method, String channel, int millis) {
		return new OptionsBuilder().include(ChannelBenchmarks.class.getName() + "." + method)
			.param("channel", channel)
			.forks(0)
			.warmupIterations(1)
			.measurementIterations(3)
			.warmupTime(TimeValue.milliseconds(millis))
			.measurementTime(TimeValue.milliseconds(millis))
			.verbosity(VerboseMode.SILENT);
	}

	private void run(String subject, String channel, Options options) throws RunnerException {
		// The median of the iterations: one disturbed iteration is not the channel's.
		double time = new Runner(options).runSingle().getPrimaryResult().getStatistics().getPercentile(50);
		this.times.computeIfAbsent(subject, (key) -> new TreeMap<>())
			.computeIfAbsent(channel, (key) -> new ArrayList<>())
			.add(time);
	}

	private boolean print() {
		boolean met = true;
		System.out.printf("%-20s %-8s %12s %22s %10s%n", "BENCHMARK", "CHANNEL", "us/op", "middle half of rounds",
				"of bare");
		for (Map.Entry<String, Map<String, List<Double>>> subject : this.times.entrySet()) {
			List<Double> reference = subject.getValue().getOrDefault(REFERENCE, List.of());
			for (Map.Entry<String, List<Double>> channel : subject.getValue().entrySet()) {
				double median = Statistics.median(channel.getValue());
				double ratio = Statistics.median(Statistics.ratios(channel.getValue(), reference));
				boolean missed = subject.getKey().startsWith("roundTrip") && channel.getKey().equals("unix")
						&& ratio > MAX_RATIO;
				met &= !missed;
				System.out.printf(Locale.ROOT, "%-20s %-8s %12.2f %10.2f to %8.2f %10.2f%s%n", subject.getKey(),
						channel.getKey(), median, Statistics.quantile(channel.getValue(), 0.25),
						Statistics.quantile(channel.getValue(), 0.75), ratio,
						missed ? "  MISSED: at most " + MAX_RATIO : "");
			}
		}
		return met;
	}

}
