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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The documented exchange with a number of clients at once, against several servers in
 * turns, in the same run: so that whatever else the machine does meets them all.
 */
public final class LoadTest {

	private static final String USAGE = """
			usage: LoadTest --server=LABEL=SOCKET... --file=FILE [options]
			  The first server is compared with the second; more servers are only measured.
			  --own-file=LABEL=FILE   another file for one server
			  --user=LABEL=UID        the clients of one server run as another user
			  --process=LABEL=PID     the process of one server, for its processor time
			  --clients=1,4,16,64     numbers of clients
			  --rounds=5 --millis=2000 --warmup-millis=5000
			  --check                 fail unless no exchange fails, and the ratio is reached
			  --min-ratio=1           exchanges a second of the first server, of the second's
			  --ratio-up-to=16        with more clients the ratio is printed, not checked
			""";

	private static final int WARMUP_CLIENTS = 4;

	private final Arguments arguments;

	private final List<Target> targets;

	private final Map<String, LoadClients> clientsByUser = new HashMap<>();

	private final List<String> missed = new ArrayList<>();

	private LoadTest(Arguments arguments, List<Target> targets) {
		this.arguments = arguments;
		this.targets = targets;
	}

	/**
	 * Run the load test.
	 * @param args see the usage
	 * @throws IOException if the clients cannot be started
	 */
	public static void main(String[] args) throws IOException {
		Arguments arguments = Arguments.parse(args, "--server", "--file", "--own-file", "--user", "--process",
				"--clients", "--rounds", "--millis", "--warmup-millis", "--check", "--min-ratio", "--ratio-up-to");
		List<Target> targets = targets(arguments);
		if (targets.isEmpty() || targets.stream().anyMatch((target) -> target.file().isEmpty())) {
			System.err.print(USAGE);
			System.exit(2);
		}
		LoadTest test = new LoadTest(arguments, targets);
		try {
			test.run();
		}
		finally {
			test.clientsByUser.values().forEach(LoadClients::close);
		}
		test.missed.forEach((line) -> System.out.println("MISSED: " + line));
		if (arguments.has("--check") && !test.missed.isEmpty()) {
			System.exit(1);
		}
	}

	private static List<Target> targets(Arguments arguments) {
		Map<String, String> files = pairs(arguments, "--own-file");
		Map<String, String> users = pairs(arguments, "--user");
		Map<String, String> processes = pairs(arguments, "--process");
		return pairs(arguments, "--server").entrySet()
			.stream()
			.map((server) -> new Target(server.getKey(), Path.of(server.getValue()),
					files.getOrDefault(server.getKey(), arguments.text("--file", "")),
					users.getOrDefault(server.getKey(), ""),
					Long.parseLong(processes.getOrDefault(server.getKey(), "0"))))
			.toList();
	}

	private static Map<String, String> pairs(Arguments arguments, String name) {
		Map<String, String> pairs = new LinkedHashMap<>();
		for (String value : arguments.all(name)) {
			String[] parts = value.split("=", 2);
			if (parts.length < 2) {
				System.err.print(USAGE);
				System.exit(2);
			}
			pairs.put(parts[0], parts[1]);
		}
		return pairs;
	}

	private void run() throws IOException {
		int[] counts = Arrays.stream(this.arguments.text("--clients", "1,4,16,64").split(","))
			.mapToInt(Integer::parseInt)
			.toArray();
		for (Target target : this.targets) {
			measure(target, WARMUP_CLIENTS, this.arguments.number("--warmup-millis", 5000));
		}
		System.out.printf("%7s  %-14s %12s %21s %9s %9s %9s %9s %7s %7s%n", "CLIENTS", "SERVER", "EXCHANGES/s",
				"middle half of rounds", "p50 us", "p99 us", "max ms", "CPU us", "FAILED", "RATIO");
		for (int clients : counts) {
			Map<Target, List<LoadResult>> results = new LinkedHashMap<>();
			this.targets.forEach((target) -> results.put(target, new ArrayList<>()));
			List<Target> order = new ArrayList<>(this.targets);
			for (int round = 0; round < this.arguments.number("--rounds", 5); round++) {
				for (Target target : order) {
					results.getOrDefault(target, List.of())
						.add(measure(target, clients, this.arguments.number("--millis", 2000)));
				}
				Collections.reverse(order);
			}
			report(clients, results);
		}
	}

	private LoadResult measure(Target target, int clients, int millis) throws IOException {
		LoadClients worker = this.clientsByUser.get(target.user());
		if (worker == null) {
			worker = new LoadClients(target.user());
			this.clientsByUser.put(target.user(), worker);
		}
		long before = target.cpu();
		LoadResult result = worker.run(target.socket(), Path.of(target.file()), clients, millis);
		return result.withCpu(target.cpu() - before);
	}

	private void report(int clients, Map<Target, List<LoadResult>> results) {
		Target second = this.targets.get(Math.min(1, this.targets.size() - 1));
		List<Double> reference = rates(results.getOrDefault(second, List.of()));
		results.forEach((target, rounds) -> {
			List<Double> rates = rates(rounds);
			double ratio = ChannelReport.median(ChannelReport.ratios(rates, reference));
			long failed = rounds.stream().mapToLong(LoadResult::failed).sum();
			System.out.printf(Locale.ROOT, "%7d  %-14s %12.0f %8.0f to %9.0f %9.0f %9.0f %9.1f %9.1f %7d %7.2f%n",
					clients, target.label(), ChannelReport.median(rates), ChannelReport.quantile(rates, 0.25),
					ChannelReport.quantile(rates, 0.75), median(rounds, (result) -> result.p50() / 1e3),
					median(rounds, (result) -> result.p99() / 1e3),
					rounds.stream().mapToLong(LoadResult::longest).max().orElse(0) / 1e6,
					median(rounds, (result) -> result.cpuPerExchange() / 1e3), failed, ratio);
			rounds.stream()
				.map(LoadResult::failure)
				.filter((failure) -> !failure.isEmpty())
				.findFirst()
				.ifPresent((failure) -> System.out.println("         first failure: " + failure));
			check(clients, target, ratio, failed);
		});
	}

	private static List<Double> rates(List<LoadResult> rounds) {
		return rounds.stream().map(LoadResult::perSecond).toList();
	}

	private void check(int clients, Target target, double ratio, long failed) {
		if (!target.equals(this.targets.get(0))) {
			return;
		}
		if (failed > 0) {
			this.missed.add("%d clients: %d exchanges with %s failed".formatted(clients, failed, target.label()));
		}
		double minimum = this.arguments.decimal("--min-ratio", 1);
		if (this.targets.size() > 1 && clients <= this.arguments.number("--ratio-up-to", 16) && ratio < minimum) {
			this.missed.add(String.format(Locale.ROOT, "%d clients: %s reaches %.2f of %s, and should reach %.2f",
					clients, target.label(), ratio, this.targets.get(1).label(), minimum));
		}
	}

	private static double median(List<LoadResult> rounds, ToDoubleFunction<LoadResult> value) {
		return ChannelReport.median(rounds.stream().mapToDouble(value).boxed().toList());
	}

	/**
	 * A server under test.
	 *
	 * @param label its name in the table
	 * @param socket where it listens
	 * @param file what the clients ask for
	 * @param user who the clients are, or nothing for the own user
	 * @param process the server's process, 0 if not known
	 */
	private record Target(String label, Path socket, String file, String user, long process) {

		long cpu() {
			return ProcessHandle.of(this.process)
				.flatMap((handle) -> handle.info().totalCpuDuration())
				.map(Duration::toNanos)
				.orElse(0L);
		}

	}

}
