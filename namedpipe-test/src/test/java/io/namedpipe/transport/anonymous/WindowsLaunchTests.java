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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handles of Windows. The pairings with other programs are in {@code interop/anonymous}.
 */
@Timeout(120)
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "the handles are those of Windows")
class WindowsLaunchTests {

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	private String handle(PipeDirection direction) {
		return WindowsLaunch.open(direction, this.opened).child().number();
	}

	@Test
	void javaChildFindsTheHandlesInItsEnvironment() throws Exception {
		try (PipeProcess process = PipeProcess.of(ChildProgram.builder("echo")).handles().start()) {
			PipeChannel channel = process.channel();
			channel.write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
			ByteBuffer back = ByteBuffer.allocate(3);
			assertThat(channel.readFully(back)).isTrue();
			assertThat(back.array()).containsExactly(1, 2, 3);
			channel.shutdownOutput();
			assertThat(channel.read(back.clear())).isEqualTo(-1);
			assertThat(process.process().waitFor()).isEqualTo(7);
		}
	}

	@Test
	void missingProgramIsAnErrorAtTheStart() {
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> PipeProcess.of(new ProcessBuilder("no-such-program", "{in}")).handles().start())
			.withMessageContaining("no-such-program");
	}

	@Test
	void wrongHandlesSayWhatIsWrong() {
		for (String text : List.of("x", "", "-1", "0", "0x3", "99999999999999999999")) {
			assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> ParentPipe.handles(text, null));
		}
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ParentPipe.handles("999996", null))
			.withMessageContainingAll("999996", "not open");
	}

	@Test
	void handleThatGoesTheOtherWayIsRefused() {
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> ParentPipe.handles(null, handle(PipeDirection.OUTBOUND)))
			.withMessageContaining("is the end of a pipe for reading");
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> ParentPipe.handles(handle(PipeDirection.INBOUND), null))
			.withMessageContaining("is the end of a pipe for writing");
	}

	@Test
	void oneWayRefusesTheOther() {
		WindowsLaunch.End end = WindowsLaunch.open(PipeDirection.OUTBOUND, this.opened);
		PipeChannel child = ParentPipe.handles(end.child().number(), null);
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> child.write(ByteBuffer.allocate(1)));
		end.parent().write(ByteBuffer.wrap(new byte[1]));
		assertThat(child.read(ByteBuffer.allocate(1))).isEqualTo(1);
	}

}
