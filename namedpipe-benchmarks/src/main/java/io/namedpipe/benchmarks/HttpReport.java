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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/**
 * The protocol {@code http} beside Tomcat, Jetty and gRPC-java on Unix-domain sockets,
 * and beside a length before each message, in turns and in one run.
 */
public final class HttpReport {

	private static final List<String> KINDS = List.of("namedpipe", "floor", "tomcat", "jetty", "grpc");

	private static final byte[] JSON = "{\"id\":12345,\"name\":\"a small thing\",\"price\":12.5,\"available\":true}"
		.getBytes(StandardCharsets.UTF_8);

	private static final double MAX_ALLOCATED = 3 * 1024;

	private final Arguments arguments;

	private final Map<String, HttpRival> rivals = new LinkedHashMap<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<String> missed = new ArrayList<>();

	private HttpReport(Arguments arguments) {
		this.arguments = arguments;
	}

	/**
	 * Measure.
	 * @param args {@code --folder=} for sockets and a large file,
	 * {@code --clients=1,4,16}, {@code --rounds=9}, {@code --millis=600},
	 * {@code --warmup-millis=60000}, {@code --megabytes=256}, {@code --check}
	 * @throws InterruptedException if it is interrupted
	 */
	public static void main(String[] args) throws InterruptedException {
		HttpReport report = new HttpReport(Arguments.parse(args, "--folder", "--clients", "--rounds", "--millis",
				"--warmup-millis", "--megabytes", "--check"));
		int code = 1;
		try {
			report.run();
			report.missed.forEach((line) -> System.out.println("MISSED: " + line));
			code = (report.arguments.has("--check") && !report.missed.isEmpty()) ? 1 : 0;
		}
		catch (ExecutionException | IOException ex) {
			ex.printStackTrace();
		}
		finally {
			report.rivals.values().forEach(HttpRival::close);
			// Netty's threads would keep the process alive.
			System.exit(code);
		}
	}

	private void run() throws ExecutionException, InterruptedException, IOException {
		Path folder = Path.of(this.arguments.text("--folder", ".")).toAbsolutePath();
		for (String kind : KINDS) {
			this.rivals.put(kind, new HttpRival(kind, folder));
		}
		if (this.arguments.number("--warmup-millis", 60_000) > 0) {
			warmUp();
		}
		System.out.printf("%6s %7s  %-15s %10s %8s %8s %8s %10s%n", "BYTES", "CLIENTS", "SERVER", "REQUESTS/s",
				"p50 us", "p99 us", "CPU us", "ALLOCATED");
		List<Integer> counts = this.arguments.numbers("--clients", "1,4,16");
		for (int size : new int[] { 64, 4096 }) {
			for (int clients : counts) {
				compare(size, clients);
			}
		}
		transfers(folder);
	}

	// All at once, since this waits for the compilers.
	private void warmUp() throws ExecutionException, InterruptedException {
		int millis = this.arguments.number("--warmup-millis", 60_000);
		List<Callable<Sample>> warmups = new ArrayList<>();
		for (Target target : targets(64)) {
			warmups.add(() -> measure(target, 2, millis));
		}
		for (Future<Sample> warmup : this.threads.invokeAll(warmups)) {
			warmup.get();
		}
	}

	private List<Target> targets(int size) {
		byte[] text = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
		List<Target> targets = new ArrayList<>();
		this.rivals.forEach((kind, rival) -> targets.add(new Target(kind, rival, false, text)));
		targets.add(new Target("namedpipe JSON", rival("namedpipe"), true, JSON));
		return targets;
	}

	private void compare(int size, int clients) throws InterruptedException, IOException {
		Map<String, List<Sample>> samples = new LinkedHashMap<>();
		List<Target> order = targets(size);
		for (int round = 0; round < this.arguments.number("--rounds", 9); round++) {
			for (Target target : order) {
				samples.computeIfAbsent(target.label(), (label) -> new ArrayList<>())
					.add(measure(target, clients, this.arguments.number("--millis", 600)));
			}
			Collections.reverse(order);
		}
		samples.forEach((label, rounds) -> System.out.printf(Locale.ROOT,
				"%6d %7d  %-15s %10.0f %8.0f %8.0f %8.1f %10.0f%n", label.endsWith("JSON") ? JSON.length : size,
				clients, label, Statistics.median(rounds, (sample) -> sample.load().perSecond()),
				Statistics.median(rounds, (sample) -> sample.load().p50()) / 1e3,
				Statistics.median(rounds, (sample) -> sample.load().p99()) / 1e3,
				Statistics.median(rounds, (sample) -> sample.load().cpuPerExchange()) / 1e3,
				Statistics.median(rounds, Sample::allocated)));
		check(size, clients, samples);
	}

	private void check(int size, int clients, Map<String, List<Sample>> samples) {
		String where = "%d bytes, %d clients: ".formatted(size, clients);
		ToDoubleFunction<Sample> cpu = (sample) -> sample.load().cpuPerExchange();
		ToDoubleFunction<Sample> rate = (sample) -> sample.load().perSecond();
		ToDoubleFunction<Sample> p99 = (sample) -> sample.load().p99();
		atMost(where + "processor time of floor", ratio(samples, "namedpipe", "floor", cpu), 2.0);
		if (size == 64) {
			atMost(where + "processor time with JSON of floor", ratio(samples, "namedpipe JSON", "floor", cpu), 3.5);
		}
		atMost(where + "processor time of Tomcat", ratio(samples, "namedpipe", "tomcat", cpu), 0.5);
		atMost(where + "processor time of gRPC", ratio(samples, "namedpipe", "grpc", cpu), 0.5);
		atLeast(where + "requests per second of Tomcat", ratio(samples, "namedpipe", "tomcat", rate), 2.0);
		atLeast(where + "requests per second of Jetty", ratio(samples, "namedpipe", "jetty", rate), 2.0);
		atLeast(where + "requests per second of gRPC", ratio(samples, "namedpipe", "grpc", rate), 4.0);
		atMost(where + "p99 of Tomcat", ratio(samples, "namedpipe", "tomcat", p99), 0.6);
		atMost(where + "bytes allocated beside the body",
				Statistics.median(samples.getOrDefault("namedpipe", List.of()), Sample::allocated) - size,
				MAX_ALLOCATED);
	}

	private void transfers(Path folder) throws IOException {
		long size = this.arguments.number("--megabytes", 256) * 1_000_000L;
		Path file = folder.resolve("large.bin");
		Files.write(file, new byte[0]);
		byte[] part = new byte[1_000_000];
		Arrays.fill(part, (byte) 'x');
		for (long done = 0; done < size; done += part.length) {
			Files.write(file, part, StandardOpenOption.APPEND);
		}
		Map<String, List<Double>> times = new HttpTransfers(rival("namedpipe").socket(), rival("floor").socket(), file,
				size)
			.run(this.arguments.number("--rounds", 9));
		atLeast("download, of the bare copy's speed", speed(times, "download, namedpipe", "download, bare copy"), 1.8);
		atLeast("upload, of the bare copy's speed", speed(times, "upload, namedpipe", "upload, bare copy"), 0.9);
	}

	private HttpRival rival(String kind) {
		return Objects.requireNonNull(this.rivals.get(kind));
	}

	private static double speed(Map<String, List<Double>> times, String own, String other) {
		return Statistics
			.median(Statistics.ratios(times.getOrDefault(other, List.of()), times.getOrDefault(own, List.of())));
	}

	private void atMost(String what, double value, double bound) {
		bound(what, value, bound, value <= bound, "at most");
	}

	private void atLeast(String what, double value, double bound) {
		bound(what, value, bound, value >= bound, "at least");
	}

	private void bound(String what, double value, double bound, boolean met, String word) {
		System.out.printf(Locale.ROOT, "    %-62s %8.2f  (%s %.1f)%s%n", what, value, word, bound,
				met ? "" : "  MISSED");
		if (!met) {
			this.missed.add(String.format(Locale.ROOT, "%s: %.2f, %s %.1f", what, value, word, bound));
		}
	}

	private static double ratio(Map<String, List<Sample>> samples, String own, String other,
			ToDoubleFunction<Sample> value) {
		return Statistics.ratio(samples.getOrDefault(own, List.of()), samples.getOrDefault(other, List.of()), value);
	}

	private Sample measure(Target target, int count, long millis) throws IOException, InterruptedException {
		CountDownLatch start = new CountDownLatch(1);
		List<HttpCaller> callers = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				callers.add(target.rival().connect(target.json(), target.content()));
				callers.get(i).call();
			}
			List<Future<long[]>> latencies = callers.stream()
				.map((caller) -> this.threads.submit(() -> call(caller, start, millis * 1_000_000)))
				.toList();
			// While the connections are open, so that no thread of theirs has ended.
			long allocated = target.rival().allocated();
			long cpu = target.rival().cpu();
			long begin = System.nanoTime();
			start.countDown();
			long[] all = new long[0];
			for (Future<long[]> each : latencies) {
				long[] more = each.get();
				int length = all.length;
				all = Arrays.copyOf(all, length + more.length);
				System.arraycopy(more, 0, all, length, more.length);
			}
			long nanos = System.nanoTime() - begin;
			LoadResult result = LoadResult.of(all, 0, nanos, "").withCpu(target.rival().cpu() - cpu);
			return new Sample(result, (target.rival().allocated() - allocated) / (double) result.done());
		}
		catch (ExecutionException ex) {
			throw new IOException(target.label() + " has failed", ex.getCause());
		}
		finally {
			for (HttpCaller caller : callers) {
				caller.close();
			}
		}
	}

	private static long[] call(HttpCaller caller, CountDownLatch start, long duration)
			throws IOException, InterruptedException {
		long[] latencies = new long[1024];
		int count = 0;
		start.await();
		long begin = System.nanoTime();
		long before = begin;
		while (before - begin < duration) {
			caller.call();
			long after = System.nanoTime();
			if (count == latencies.length) {
				latencies = Arrays.copyOf(latencies, 2 * count);
			}
			latencies[count++] = after - before;
			before = after;
		}
		return Arrays.copyOf(latencies, count);
	}

	/**
	 * A server and a request to measure.
	 *
	 * @param label its name in the table
	 * @param rival the server
	 * @param json whether it is called with JSON
	 * @param content what is sent
	 */
	private record Target(String label, HttpRival rival, boolean json, byte[] content) {

	}

	/**
	 * The result of a round.
	 *
	 * @param load what the clients met
	 * @param allocated the bytes that the server has allocated for a request
	 */
	private record Sample(LoadResult load, double allocated) {

	}

}
