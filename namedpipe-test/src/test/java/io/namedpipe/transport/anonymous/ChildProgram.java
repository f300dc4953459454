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

package io.namedpipe.transport.anonymous;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Function;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;

/**
 * The program that the tests start as a child. The first argument says how it talks to
 * its parent.
 */
public final class ChildProgram {

	private static final PrintStream KEPT = System.out;

	private ChildProgram() {
	}

	static ProcessBuilder builder(String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1", "-Xmx64m",
						"-cp", System.getProperty("java.class.path"), ChildProgram.class.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command);
	}

	public static void main(String[] arguments) throws Exception {
		switch (arguments[0]) {
			case "echo" -> echo(ParentPipe.open());
			case "handles" -> echo(ParentPipe.handles(arguments[1], arguments[2]));
			case "count" -> count(ParentPipe.handles(arguments[1], null));
			case "produce" -> produce(ParentPipe.handles(null, arguments[1]));
			case "noise" -> noise();
			case "between" -> System.exit(builder("refused").inheritIO().start().waitFor());
			case "refused" -> System.exit(refused());
			case "parent" -> parent();
			default -> throw new IllegalArgumentException(arguments[0]);
		}
	}

	private static void echo(PipeChannel channel) {
		ByteBuffer buffer = ByteBuffer.allocate(10_000);
		while (channel.read(buffer.clear()) >= 0) {
			channel.write(buffer.flip());
		}
		channel.close();
		System.exit(7);
	}

	private static void count(PipeChannel channel) {
		int total = 0;
		ByteBuffer buffer = ByteBuffer.allocate(10_000);
		for (int count; (count = channel.read(buffer.clear())) >= 0;) {
			total += count;
		}
		System.exit(total / 10_000);
	}

	private static void produce(PipeChannel channel) {
		byte[] bytes = new byte[300_000];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) i;
		}
		channel.write(ByteBuffer.wrap(bytes));
		channel.close();
	}

	private static void noise() throws Exception {
		PipeChannel channel = ParentPipe.open();
		System.out.println("NOISE of System.out");
		KEPT.println("NOISE of a kept stream");
		KEPT.flush();
		Function.getFunction("c", "puts").invokeInt(new Object[] { "NOISE of native code" });
		Function.getFunction("c", "fflush").invokeInt(new Object[] { null });
		new ProcessBuilder("echo", "NOISE of a child").inheritIO().start().waitFor();
		try {
			ParentPipe.open();
		}
		catch (PipeInUseException ex) {
			System.err.println("a second open is refused");
		}
		channel.write(ByteBuffer.wrap("clean".getBytes()));
		channel.close();
	}

	private static int refused() {
		try {
			ParentPipe.open();
			return 1;
		}
		catch (PipeException ex) {
			return ex.getMessage().contains("program in between") ? 42 : 2;
		}
	}

	// Starts a child, prints its process id, and waits forever.
	private static void parent() throws Exception {
		PipeProcess process = PipeProcess.of(builder("echo")).handles().start();
		process.channel().write(ByteBuffer.wrap(new byte[1]));
		process.channel().read(ByteBuffer.allocate(1));
		System.out.println(process.process().pid());
		Thread.sleep(Long.MAX_VALUE);
	}

}
