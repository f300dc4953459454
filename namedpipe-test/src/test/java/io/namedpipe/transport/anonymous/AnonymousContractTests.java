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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of every channel, on the channels of {@link PipePair} and of
 * {@link PipeProcess}. The subjects about names, listening and the direction that client
 * and server agree on do not apply to them.
 */
class AnonymousContractTests {

	@Nested
	class Pairs extends ChannelContracts {

		@Override
		Ends open() {
			PipePair pair = PipePair.open();
			return new Ends(pair.first(), pair.second(), pair);
		}

		@Override
		@Test
		void nobodyCanActAsThePeer() {
			Ends ends = open();
			assertThat(ends.first().peer().processId()).isEqualTo(ProcessHandle.current().pid());
			assertThat(ends.first().peer()).as("the peer is this process itself").isEqualTo(ends.second().peer());
		}

	}

	/**
	 * Pipes of the library's own, which need JNA.
	 */
	@Nested
	@EnabledOnOs(value = OS.LINUX, disabledReason = "the test takes the child's end out of /proc")
	class OwnPipes extends ChannelContracts {

		@Override
		Ends open() throws Exception {
			return child((builder) -> new UnixLaunch(builder, false, true));
		}

	}

	/**
	 * The JDK's streams of a process, read and written by threads.
	 */
	@Nested
	@EnabledOnOs(value = OS.LINUX, disabledReason = "the test takes the child's end out of /proc")
	class JdkStreams extends ChannelContracts {

		@Override
		Ends open() throws Exception {
			return child((builder) -> new UnixLaunch(builder, false, false));
		}

	}

	/**
	 * Handles of Windows, which no child has inherited.
	 */
	@Nested
	@EnabledOnOs(value = OS.WINDOWS, disabledReason = "the handles are those of Windows")
	class WindowsHandles extends ChannelContracts {

		@Override
		Ends open() {
			List<AutoCloseable> opened = new ArrayList<>();
			WindowsLaunch.End down = WindowsLaunch.open(PipeDirection.OUTBOUND, opened);
			WindowsLaunch.End up = WindowsLaunch.open(PipeDirection.INBOUND, opened);
			PipeChannel child = new AnonymousPipeChannel(new ReadEnd(down.child()), new WriteEnd(up.child()),
					ProcessIdentity.of(1));
			PipeChannel parent = new AnonymousPipeChannel(new WindowsLaunch.OneWay(up.parent()),
					new WindowsLaunch.OneWay(down.parent()), ProcessIdentity.of(1));
			return new Ends(child, parent, () -> {
				child.close();
				parent.close();
			});
		}

	}

	/**
	 * The subjects of the contract.
	 */
	abstract static class ChannelContracts {

		abstract Ends open() throws Exception;

		@Test
		void messagesAreATypedError() throws Exception {
			try (Ends ends = open()) {
				assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(ends.first()::readMessage);
				assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(ends.second()::readMessage);
			}
		}

		@Test
		void nobodyCanActAsThePeer() throws Exception {
			try (Ends ends = open()) {
				assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(ends.first()::impersonation);
				assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(ends.second()::impersonation);
			}
		}

		static Ends child(Function<ProcessBuilder, ProcessLaunch> launch) throws Exception {
			ProcessPair pair = ProcessPair.open(launch);
			return new Ends(pair.child(), pair.parent(), pair);
		}

		@Nested
		class Data extends DataContract {

			Data() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				Ends ends = track(open());
				return pair(ends.first(), ends.second());
			}

		}

		@Nested
		class Streams extends StreamContract {

			Streams() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				Ends ends = track(open());
				return pair(ends.first(), ends.second());
			}

		}

		@Nested
		class Timeouts extends TimeoutContract {

			Timeouts() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				Ends ends = track(open());
				return pair(ends.first(), ends.second());
			}

		}

		@Nested
		class Closing extends ClosingContract {

			Closing() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				Ends ends = track(open());
				return pair(ends.first(), ends.second());
			}

		}

	}

	/**
	 * The ends of a connection, and how both are closed.
	 *
	 * @param first the client's end of the contract
	 * @param second the server's end of the contract
	 * @param closeable closes them
	 */
	private record Ends(PipeChannel first, PipeChannel second, AutoCloseable closeable) implements AutoCloseable {

		@Override
		public void close() throws Exception {
			this.closeable.close();
		}

	}

}
