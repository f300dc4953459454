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

import java.io.BufferedReader;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Children, on {@link PipeProcess} and {@link ParentPipe}.
 */
@Timeout(120)
@EnabledOnOs(value = { OS.LINUX, OS.MAC }, disabledReason = "the children are programs of Unix")
class PipeProcessTests {

	private static final int SIZE = 300_000;

	@TempDir
	Path directory;

	private static PipeProcess start(boolean handles, ProcessBuilder builder) {
		PipeProcess.Builder process = PipeProcess.of(builder);
		return (handles ? process.handles() : process.standardStreams()).start();
	}

	private static void exchange(PipeChannel channel) {
		byte[] bytes = new byte[SIZE];
		new Random(3).nextBytes(bytes);
		CompletableFuture<Void> write = Background.run(() -> {
			channel.write(ByteBuffer.wrap(bytes));
			channel.shutdownOutput();
			return null;
		});
		ByteBuffer back = ByteBuffer.allocate(SIZE);
		assertThat(channel.readFully(back)).isTrue();
		assertThat(back.array()).isEqualTo(bytes);
		assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		write.join();
	}

	@Test
	void anyProgramThatTalksOnItsStandardStreams() throws Exception {
		try (PipeProcess process = start(false, new ProcessBuilder("cat"))) {
			exchange(process.channel());
			assertThat(process.process().waitFor()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void javaChildFindsWhatItsParentHasArranged(boolean handles) throws Exception {
		try (PipeProcess process = start(handles, ChildProgram.builder("echo"))) {
			exchange(process.channel());
			assertThat(process.process().waitFor()).isEqualTo(7);
			assertThat(process.channel().peer().processId()).isEqualTo(process.process().pid());
		}
	}

	@Test
	void handlesAreArguments() throws Exception {
		try (PipeProcess process = start(true, ChildProgram.builder("handles", "{in}", "{out}"))) {
			exchange(process.channel());
			assertThat(process.process().waitFor()).isEqualTo(7);
		}
	}

	@Test
	void childThatOnlyReads() throws Exception {
		try (PipeProcess process = start(true, ChildProgram.builder("count", "{in}"))) {
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> process.channel().read(ByteBuffer.allocate(1)))
				.withMessageContaining("one way");
			process.channel().write(ByteBuffer.allocate(SIZE));
			process.channel().shutdownOutput();
			assertThat(process.process().waitFor()).isEqualTo(SIZE / 10_000);
		}
	}

	@Test
	void childThatOnlyWrites() throws Exception {
		try (PipeProcess process = start(true, ChildProgram.builder("produce", "{out}"))) {
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> process.channel().write(ByteBuffer.allocate(1)));
			ByteBuffer bytes = ByteBuffer.allocate(SIZE);
			assertThat(process.channel().readFully(bytes)).isTrue();
			assertThat(bytes.get(SIZE - 1)).isEqualTo((byte) (SIZE - 1));
			assertThat(process.channel().read(bytes.clear())).isEqualTo(-1);
			assertThat(process.process().waitFor()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatAChildPrintsIsNotPartOfWhatItSays(boolean handles) throws Exception {
		File errors = this.directory.resolve("errors").toFile();
		try (PipeProcess process = start(handles, ChildProgram.builder("noise").redirectError(errors))) {
			ByteBuffer bytes = ByteBuffer.allocate(5);
			process.channel().readFully(bytes);
			assertThat(new String(bytes.array())).isEqualTo("clean");
			assertThat(process.channel().read(ByteBuffer.allocate(1))).isEqualTo(-1);
			assertThat(process.process().waitFor()).isZero();
		}
		assertThat(Files.readString(errors.toPath())).contains("NOISE of System.out", "NOISE of a kept stream",
				"NOISE of native code", "NOISE of a child", "a second open is refused");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void missingProgramIsAnErrorAtTheStart(boolean handles) {
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> start(handles, new ProcessBuilder("no-such-program")))
			.withMessageContaining("no-such-program");
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> start(handles, new ProcessBuilder("cat").directory(new File("/no/such/directory"))))
			.withMessageContaining("/no/such/directory");
		File notExecutable = this.directory.resolve("data").toFile();
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> start(handles, new ProcessBuilder(notExecutable.getPath())));
	}

	@Test
	void redirectionOfWhatCarriesThePipeIsRefused() {
		assertThatIllegalStateException().isThrownBy(() -> start(false, new ProcessBuilder("cat").inheritIO()))
			.withMessageContaining("standard input");
		assertThatIllegalStateException()
			.isThrownBy(() -> start(true, new ProcessBuilder("cat").redirectErrorStream(true)))
			.withMessageContaining("standard error");
		assertThatIllegalStateException().isThrownBy(() -> start(false, new ProcessBuilder()));
	}

	@Test
	void processBuilderIsNotChanged() {
		ProcessBuilder builder = new ProcessBuilder("cat", "{in}");
		start(true, builder).close();
		assertThat(builder.command()).containsExactly("cat", "{in}");
		assertThat(builder.environment()).doesNotContainKey(ParentVariable.NAME);
		assertThat(builder.redirectError()).isEqualTo(Redirect.PIPE);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void killedChildIsTheEndOfTheStream(boolean handles) throws Exception {
		try (PipeProcess process = start(handles, new ProcessBuilder("sleep", "1000"))) {
			CompletableFuture<Integer> read = Background.run(() -> process.channel().read(ByteBuffer.allocate(1)));
			process.process().destroyForcibly();
			assertThat(Background.get(read)).isEqualTo(-1);
			assertThat(process.process().waitFor()).isEqualTo(137);
		}
	}

	@Test
	void killedParentIsTheEndOfTheStreamForTheChild() throws Exception {
		Process parent = ChildProgram.builder("parent").redirectError(Redirect.INHERIT).start();
		try (BufferedReader output = parent.inputReader()) {
			ProcessHandle child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
			parent.destroyForcibly();
			child.onExit().get(Background.PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
	}

	@Test
	void variableIsRefusedByAProcessThatTheChildStarts() throws Exception {
		try (PipeProcess process = start(true, ChildProgram.builder("between"))) {
			assertThat(process.process().waitFor()).isEqualTo(42);
		}
	}

	@Test
	void closeEndsAChildThatDoesNotEndByItself() {
		PipeProcess process = PipeProcess
			.of(new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"))
			.closeTimeout(Duration.ofMillis(200))
			.start();
		process.close();
		process.close();
		assertThat(ended(process).isAlive()).isFalse();
		assertThat(process.channel().isOpen()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void closeWithoutWaitingKillsAtOnce(boolean handles) {
		PipeProcess process = waiting(handles, Duration.ZERO);
		process.close();
		assertThat(ended(process).exitValue()).isIn(143, 137);
	}

	private static Process ended(PipeProcess process) {
		return process.process().onExit().orTimeout(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
	}

	@Test
	void closeTimeoutMayBeLongerThanAnyWait() {
		PipeProcess process = PipeProcess.of(new ProcessBuilder("cat"))
			.closeTimeout(Duration.ofSeconds(Long.MAX_VALUE))
			.start();
		process.close();
		assertThat(ended(process).exitValue()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void closeByTwoThreadsEndsReadersAndWriters(boolean handles) throws Exception {
		PipeProcess process = waiting(handles, Duration.ofMillis(200));
		CompletableFuture<Integer> read = Background.run(() -> process.channel().read(ByteBuffer.allocate(1)));
		CompletableFuture<Void> write = Background.run(() -> {
			process.channel().write(ByteBuffer.allocate(1024 * 1024));
			return null;
		});
		CompletableFuture<Void> close = Background.run(() -> {
			process.close();
			return null;
		});
		process.close();
		Background.get(close);
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(write));
		// The child ends, or the channel is closed.
		CompletableFuture<Boolean> over = read
			.handle((count, thrown) -> thrown == null || thrown instanceof PipeClosedException);
		assertThat(Background.get(over).booleanValue()).isTrue();
		ended(process);
	}

	private static PipeProcess waiting(boolean handles, Duration timeout) {
		PipeProcess.Builder builder = PipeProcess.of(new ProcessBuilder("sleep", "1000")).closeTimeout(timeout);
		return (handles ? builder.handles() : builder).start();
	}

	@Test
	void errorNamesTheProgramAndNotTheShellThatBecomesIt() {
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> start(true, new ProcessBuilder("cat", "a\0b")))
			.withMessageContaining("'cat'");
	}

	@Test
	void closeLetsAChildEndByItself() throws Exception {
		Path file = this.directory.resolve("ended");
		PipeProcess process = start(false,
				new ProcessBuilder("/bin/sh", "-c", "cat; sleep 0.2; echo done > \"$0\"; exit 5", file.toString()));
		process.close();
		assertThat(process.process().waitFor()).isEqualTo(5);
		assertThat(Files.readString(file)).isEqualTo("done\n");
	}

	@Test
	void filesAsStandardStreamsGoOnWhereTheyAre() throws Exception {
		Path input = Files.writeString(this.directory.resolve("input"), "first\nsecond\n");
		Path output = Files.writeString(this.directory.resolve("output"), "before\n");
		Process child = inShell("read line; exec \"$@\"", "echo").redirectInput(input.toFile())
			.redirectOutput(Redirect.appendTo(output.toFile()))
			.start();
		assertThat(child.waitFor()).isEqualTo(7);
		assertThat(Files.readString(output)).isEqualTo("before\nsecond\n");
	}

	// The JVM then reads a file of its own under the number of standard input.
	@Test
	void closedStandardInputDoesNotEndTheJvm() throws Exception {
		Process child = inShell("exec \"$@\" <&-", "noise").start();
		assertThat(child.inputReader().readLine()).isEqualTo("clean");
		assertThat(child.waitFor()).isZero();
	}

	private static ProcessBuilder inShell(String script, String mode) {
		List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
		command.addAll(ChildProgram.builder(mode).command());
		return new ProcessBuilder(command).redirectError(Redirect.DISCARD);
	}

	@Test
	void wrongHandlesSayWhatIsWrong() throws Exception {
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ParentPipe.handles("x", null))
			.withMessageContaining("number");
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ParentPipe.handles("-1", null));
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ParentPipe.handles("99999", null))
			.withMessageContaining("99999");
	}

}
