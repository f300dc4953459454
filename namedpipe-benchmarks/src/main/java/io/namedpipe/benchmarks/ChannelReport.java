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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the {@link ChannelBenchmarks} in rounds, so that whatever else the machine does
 * meets every kind of channel, and prints the medians and what they are of the bare
 * channel's.
 */
public final class ChannelReport {

	/** What a round trip may cost, of the bare channel's. */
	private static final double MAX_RATIO = 1.15;

	private static final String REFERENCE = "bare";

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
		int rounds = arguments.number("--rounds", 5);
		for (int round = 0; round < rounds; round++) {
			report.run(arguments.number("--millis", 500));
		}
		boolean met = report.print();
		if (arguments.has("--check") && !met) {
			System.exit(1);
		}
	}

	private void run(int millis) throws RunnerException {
		Options options = new OptionsBuilder().include(ChannelBenchmarks.class.getName())
			.forks(1)
			.warmupIterations(2)
			.measurementIterations(3)
			.warmupTime(TimeValue.milliseconds(millis))
			.measurementTime(TimeValue.milliseconds(millis))
			.verbosity(VerboseMode.SILENT)
			.build();
		for (RunResult result : new Runner(options).run()) {
			String name = result.getPrimaryResult().getLabel();
			String size = result.getParams().getParam("size");
			String subject = (size != null) ? "%s %6s B".formatted(name, size) : name + " 1 MiB";
			// The median of the iterations: one disturbed iteration is not the channel's.
			this.times.computeIfAbsent(subject, (key) -> new TreeMap<>())
				.computeIfAbsent(result.getParams().getParam("channel"), (key) -> new ArrayList<>())
				.add(result.getPrimaryResult().getStatistics().getPercentile(50));
		}
	}

	private boolean print() {
		boolean met = true;
		System.out.printf("%-20s %-8s %12s %10s  %s%n", "BENCHMARK", "CHANNEL", "us/op", "of bare", "rounds");
		for (Map.Entry<String, Map<String, List<Double>>> subject : this.times.entrySet()) {
			List<Double> reference = subject.getValue().getOrDefault(REFERENCE, List.of());
			for (Map.Entry<String, List<Double>> channel : subject.getValue().entrySet()) {
				double median = median(channel.getValue());
				double ratio = median(ratios(channel.getValue(), reference));
				boolean missed = subject.getKey().startsWith("roundTrip") && channel.getKey().equals("unix")
						&& ratio > MAX_RATIO;
				met &= !missed;
				System.out.printf(Locale.ROOT, "%-20s %-8s %12.2f %10.2f  %s%s%n", subject.getKey(), channel.getKey(),
						median, ratio, rounds(channel.getValue()), missed ? "  MISSED: at most " + MAX_RATIO : "");
			}
		}
		return met;
	}

	// Of neighbours in time, since the machine is not the same all the time.
	static List<Double> ratios(List<Double> values, List<Double> reference) {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < values.size(); i++) {
			ratios.add(values.get(i) / reference.get(i));
		}
		return ratios;
	}

	private static String rounds(List<Double> values) {
		return String.join(" ", values.stream().map((value) -> String.format(Locale.ROOT, "%.1f", value)).toList());
	}

	static double median(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		if (sorted.length == 0) {
			return Double.NaN;
		}
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
