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

import java.io.IOException;
import java.util.function.Function;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.test.contract.ClosingContract;
import io.namedpipe.test.contract.DataContract;
import io.namedpipe.test.contract.StreamContract;
import io.namedpipe.test.contract.TimeoutContract;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * The contract of every channel, on the channels of {@link PipePair} and of
 * {@link PipeProcess}. What the contract says of names and of listening does not concern
 * them: they have neither.
 */
class AnonymousContractTests {

	@Nested
	class PairData extends DataContract {

		PairData() {
			super(new MemoryPipeTransport());
		}

		@Override
		protected Pair connectedPair() {
			PipePair pair = track(PipePair.open());
			return pair(pair.first(), pair.second());
		}

	}

	@Nested
	class PairStreams extends StreamContract {

		PairStreams() {
			super(new MemoryPipeTransport());
		}

		@Override
		protected Pair connectedPair() {
			PipePair pair = track(PipePair.open());
			return pair(pair.first(), pair.second());
		}

	}

	@Nested
	class PairTimeouts extends TimeoutContract {

		PairTimeouts() {
			super(new MemoryPipeTransport());
		}

		@Override
		protected Pair connectedPair() {
			PipePair pair = track(PipePair.open());
			return pair(pair.first(), pair.second());
		}

	}

	@Nested
	class PairClosing extends ClosingContract {

		PairClosing() {
			super(new MemoryPipeTransport());
		}

		@Override
		protected Pair connectedPair() {
			PipePair pair = track(PipePair.open());
			return pair(pair.first(), pair.second());
		}

	}

	/**
	 * Pipes of the library's own, which need JNA.
	 */
	@Nested
	@EnabledOnOs(value = OS.LINUX, disabledReason = "the test takes the child's end out of /proc")
	class OwnPipes extends ProcessContracts {

		OwnPipes() {
			super((builder) -> new UnixLaunch(builder, false, true));
		}

		@Nested
		class Data extends ProcessData {

		}

		@Nested
		class Streams extends ProcessStreams {

		}

		@Nested
		class Timeouts extends ProcessTimeouts {

		}

		@Nested
		class Closing extends ProcessClosing {

		}

	}

	/**
	 * The JDK's streams of a process, read and written by threads.
	 */
	@Nested
	@EnabledOnOs(value = OS.LINUX, disabledReason = "the test takes the child's end out of /proc")
	class JdkStreams extends ProcessContracts {

		JdkStreams() {
			super((builder) -> new UnixLaunch(builder, false, false));
		}

		@Nested
		class Data extends ProcessData {

		}

		@Nested
		class Streams extends ProcessStreams {

		}

		@Nested
		class Timeouts extends ProcessTimeouts {

		}

		@Nested
		class Closing extends ProcessClosing {

		}

	}

	/**
	 * The subjects, on the channel to a child that a launch makes.
	 */
	abstract static class ProcessContracts {

		private final Function<ProcessBuilder, ProcessLaunch> launch;

		ProcessContracts(Function<ProcessBuilder, ProcessLaunch> launch) {
			this.launch = launch;
		}

		ProcessPair open() throws IOException {
			return ProcessPair.open(this.launch);
		}

		abstract class ProcessData extends DataContract {

			ProcessData() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				ProcessPair pair = track(open());
				return pair(pair.child(), pair.parent());
			}

		}

		abstract class ProcessStreams extends StreamContract {

			ProcessStreams() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				ProcessPair pair = track(open());
				return pair(pair.child(), pair.parent());
			}

		}

		abstract class ProcessTimeouts extends TimeoutContract {

			ProcessTimeouts() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				ProcessPair pair = track(open());
				return pair(pair.child(), pair.parent());
			}

		}

		abstract class ProcessClosing extends ClosingContract {

			ProcessClosing() {
				super(new MemoryPipeTransport());
			}

			@Override
			protected Pair connectedPair() throws Exception {
				ProcessPair pair = track(open());
				return pair(pair.child(), pair.parent());
			}

		}

	}

}
