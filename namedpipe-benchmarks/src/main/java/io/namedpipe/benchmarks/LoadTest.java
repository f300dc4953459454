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
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The documented exchange with a number of clients at once, against several servers in
 * turns, in the same run, so that other load of the machine affects all of them.
 */
public final class LoadTest {

	private static final String USAGE = """
			usage: LoadTest --server=LABEL,PID,UID,SOCKET,FILE... [options]
			  LABEL, PID and SOCKET are the server's; its clients ask for FILE, as user UID, or as the own user if
			  it is empty. The first server is compared with each of the others.
			  --clients=1,4,16,64     numbers of clients
			  --rounds=5 --millis=2000 --warmup-millis=5000
			  --check                 fail unless no exchange with the first server fails, and the bounds of its
			                          ratios to the second are met: exchanges per second with 4 clients and more
			                          at least --min-rate, processor time with up to 16 clients at most 0.8
			  --min-rate=1
			""";

	private static final int WARMUP_CLIENTS = 4;

	/** With fewer clients the wake-ups of the system decide, not the server. */
	private static final int MIN_RATE_CLIENTS = 4;

	/** With more clients the rounds differ too much. */
	private static final int MAX_CPU_CLIENTS = 16;

	private static final double MAX_CPU = 0.8;

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
		Arguments arguments = Arguments.parse(args, "--server", "--clients", "--rounds", "--millis", "--warmup-millis",
				"--check", "--min-rate");
		List<String[]> servers = arguments.all("--server").stream().map((server) -> server.split(",", 5)).toList();
		if (servers.isEmpty() || servers.stream().anyMatch((parts) -> parts.length < 5)) {
			System.err.print(USAGE);
			System.exit(2);
		}
		LoadTest test = new LoadTest(arguments, servers.stream().map(Target::of).toList());
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

	private void run() throws IOException {
		List<Integer> counts = this.arguments.numbers("--clients", "1,4,16,64");
		for (Target target : this.targets) {
			measure(target, WARMUP_CLIENTS, this.arguments.number("--warmup-millis", 5000));
		}
		System.out.printf("%7s  %-14s %12s %21s %9s %9s %9s %9s %7s %7s %7s%n", "CLIENTS", "SERVER", "EXCHANGES/s",
				"middle half of rounds", "p50 us", "p99 us", "max ms", "CPU us", "FAILED", "RATE", "CPU");
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
		System.out.printf("RATE, CPU: what %s has of this server's, median of the ratios of each round%n",
				this.targets.get(0).label());
	}

	private LoadResult measure(Target target, int clients, int millis) throws IOException {
		LoadClients worker = this.clientsByUser.get(target.user());
		if (worker == null) {
			worker = new LoadClients(target.user());
			this.clientsByUser.put(target.user(), worker);
		}
		long before = target.cpu();
		LoadResult result = worker.run(target.socket(), target.file(), clients, millis);
		return result.withCpu(target.cpu() - before);
	}

	private void report(int clients, Map<Target, List<LoadResult>> results) {
		List<LoadResult> first = results.getOrDefault(this.targets.get(0), List.of());
		results.forEach((target, rounds) -> {
			List<Double> rates = Statistics.values(rounds, LoadResult::perSecond);
			double rate = Statistics.ratio(first, rounds, LoadResult::perSecond);
			double cpu = Statistics.ratio(first, rounds, LoadResult::cpuPerExchange);
			long failed = rounds.stream().mapToLong(LoadResult::failed).sum();
			System.out.printf(Locale.ROOT, "%7d  %-14s %12.0f %8.0f to %9.0f %9.0f %9.0f %9.1f %9.1f %7d %7.2f %7.2f%n",
					clients, target.label(), Statistics.median(rates), Statistics.quantile(rates, 0.25),
					Statistics.quantile(rates, 0.75), Statistics.median(rounds, LoadResult::p50) / 1e3,
					Statistics.median(rounds, LoadResult::p99) / 1e3,
					rounds.stream().mapToLong(LoadResult::longest).max().orElse(0) / 1e6,
					Statistics.median(rounds, LoadResult::cpuPerExchange) / 1e3, failed, rate, cpu);
			rounds.stream()
				.map(LoadResult::failure)
				.filter((failure) -> !failure.isEmpty())
				.findFirst()
				.ifPresent((failure) -> System.out.println("         first failure: " + failure));
			if (target.equals(this.targets.get(0)) && failed > 0) {
				this.missed.add("%d clients: %d exchanges with %s failed".formatted(clients, failed, target.label()));
			}
			if (this.targets.indexOf(target) == 1) {
				check(clients, rate, cpu);
			}
		});
	}

	private void check(int clients, double rate, double cpu) {
		double minRate = this.arguments.decimal("--min-rate", 1);
		if (clients >= MIN_RATE_CLIENTS && !(rate >= minRate)) {
			this.missed.add(String.format(Locale.ROOT, "%d clients: exchanges per second are %.2f of %s, at least %.2f",
					clients, rate, this.targets.get(1).label(), minRate));
		}
		if (clients <= MAX_CPU_CLIENTS && !(cpu <= MAX_CPU)) {
			this.missed.add(String.format(Locale.ROOT, "%d clients: processor time is %.2f of %s, at most %.2f",
					clients, cpu, this.targets.get(1).label(), MAX_CPU));
		}
	}

	/**
	 * A server under test.
	 *
	 * @param label its name in the table
	 * @param process the server's process
	 * @param user the user of the clients, or nothing for the own user
	 * @param socket the path of its socket
	 * @param file the file that the clients ask for
	 */
	private record Target(String label, long process, String user, Path socket, Path file) {

		static Target of(String... parts) {
			return new Target(parts[0], Long.parseLong(parts[1]), parts[2], Path.of(parts[3]), Path.of(parts[4]));
		}

		long cpu() {
			return ProcessHandle.of(this.process)
				.flatMap((handle) -> handle.info().totalCpuDuration())
				.map(Duration::toNanos)
				.orElse(0L);
		}

	}

}
