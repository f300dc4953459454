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

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;

/**
 * The process of one server. Prints a line when it is ready, and answers each line of its
 * input with the number of bytes that its threads have allocated.
 */
public final class BenchmarkServer {

	/** By the id of a thread. */
	private static final Map<Long, Long> ALLOCATED = new HashMap<>();

	private BenchmarkServer() {
	}

	/**
	 * Serve until the end of the input.
	 * @param args the kind of server, and its socket
	 * @throws Exception if the server does not start
	 */
	public static void main(String[] args) throws Exception {
		PrintStream answers = System.out;
		// The output of the servers must not be taken for an answer.
		System.setOut(System.err);
		Path socket = Path.of(args[1]);
		switch (args[0]) {
			case "namedpipe" -> PipeServerApplication.start(socket);
			case "floor" -> FloorServer.start(socket);
			case "tomcat" -> TomcatServer.start(socket);
			case "jetty" -> JettyServer.start(socket);
			case "grpc" -> GrpcServer.start(socket);
			default -> throw new IllegalArgumentException("no such server: " + args[0]);
		}
		answers.println("ready");
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (input.readLine() != null) {
			answers.println(allocated());
		}
		System.exit(0);
	}

	// The last known allocation of threads that have ended stays in the sum.
	private static long allocated() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long[] ids = threads.getAllThreadIds();
		long[] bytes = threads.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			ALLOCATED.merge(ids[i], bytes[i], Math::max);
		}
		return ALLOCATED.values().stream().mapToLong(Long::longValue).sum();
	}

}
