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

package io.namedpipe.test.contract;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contracts detect transports and protocols that refuse every client, do nothing, or
 * hide every failure.
 */
@Timeout(180)
class ContractsCanFailTests {

	/** The tests of transports that need no connection. */
	private static final Set<String> WITHOUT_CONNECTION = Set.of("Naming.namesOnThisMachineAreReachedAndAccepted",
			"Listening.acceptAfterCloseSaysClosed", "Listening.closeEndsAPendingAccept",
			"Listening.closeEndsEveryPendingAccept", "OneWay.transportSaysThatItCan");

	/** The tests that expect that there is no server. */
	private static final Set<String> WITHOUT_SERVER = Set.of("Naming.missingServerFailsAtOnce",
			"Naming.connectingToAServerThatLeftFailsAsNotFound");

	private static final Map<String, Function<PipeTransport, TransportContract>> CONTRACTS = Map.of("Naming",
			(transport) -> new NamingContract(transport) {
			}, "Listening", (transport) -> new ListeningContract(transport) {
			}, "Closing", (transport) -> new ClosingContract(transport) {
			}, "Data", (transport) -> new DataContract(transport) {
			}, "Streams", (transport) -> new StreamContract(transport) {
			}, "Timeouts", (transport) -> new TimeoutContract(transport) {
			}, "OneWay", (transport) -> new OneWayContract(transport) {
			});

	@ParameterizedTest
	@ValueSource(strings = { "not found", "busy", "failed" })
	void transportThatRefusesEveryClientIsFound(String reason) {
		Set<String> passed = passed(() -> broken((target, method, arguments) -> {
			if (target instanceof PipeTransport && method.getName().equals("connect")) {
				throw switch (reason) {
					case "not found" -> new PipeNotFoundException("There is no server at " + arguments[0]);
					case "busy" -> new PipeBusyException("The server at %s is busy".formatted(arguments[0]));
					default -> new PipeException("The server at %s does not answer".formatted(arguments[0]));
				};
			}
			return method.invoke(target, arguments);
		}));
		Set<String> expected = new TreeSet<>(WITHOUT_CONNECTION);
		if (reason.equals("not found")) {
			expected.addAll(WITHOUT_SERVER);
		}
		assertThat(passed).isEqualTo(expected);
	}

	@Test
	void transportThatKeepsTheFailuresOfItsChannelsToItselfIsFound() {
		AtomicInteger kept = new AtomicInteger();
		Set<String> passed = passed(() -> broken((target, method, arguments) -> {
			try {
				return method.invoke(target, arguments);
			}
			catch (InvocationTargetException ex) {
				if (!(target instanceof PipeChannel)) {
					throw ex;
				}
				// For tests that write until that fails.
				assertThat(kept.incrementAndGet()).as("failures").isLessThan(10_000);
				Class<?> type = method.getReturnType();
				return (type == int.class) ? Integer.valueOf(-1) : (type == boolean.class) ? Boolean.FALSE : null;
			}
		}));
		assertThat(passed).contains("Data.bytesGoBothWays")
			.doesNotContain("Closing.closeEndsAPendingReadAsClosed",
					"Closing.closeEndsAPendingTimedReadAsClosedAndNotAsTimedOut",
					"Closing.closedChannelSaysSoToEveryCall", "Data.writeAfterHalfCloseFailsAsClosed",
					"Streams.readFullyOfAClosedChannelSaysClosed", "Streams.readFullyThatTimesOutKeepsWhatHasArrived",
					"Timeouts.readThatFindsNothingTimesOut",
					"Timeouts.connectionIsUsableAfterATimeoutAndTheOldBufferIsNotTouched",
					"Timeouts.readTimeoutDoesNotLimitAWrite", "OneWay.inboundPipeGoesToTheServerOnly",
					"OneWay.outboundPipeGoesToTheClientOnly");
	}

	@Test
	void protocolThatWorksPasses() {
		assertThat(passed(new BrokenProtocol(ServerSession::run))).hasSize((int) tests(ProtocolContract.class).count());
	}

	@Test
	void protocolThatRefusesEveryRequestIsFound() {
		assertThat(passed(new BrokenProtocol((session, handler) -> {
			throw new PipeException("The request is refused");
		}))).isEmpty();
	}

	@Test
	void protocolThatDoesNothingIsFound() {
		assertThat(passed(new BrokenProtocol((session, handler) -> {
		}))).isEmpty();
	}

	@Test
	void protocolThatFailsInAnotherWayForInputThatIsWrongIsFound() {
		assertThat(passed(new BrokenProtocol((session, handler) -> {
			try {
				session.run(handler);
			}
			catch (PipeException ex) {
				throw new IllegalStateException(ex);
			}
		}))).contains("repliesArrive")
			.doesNotContain("requestThatIsCutIsNeverHandled", "damagedRequestsEndTheSessionInOrder",
					"nonsenseEndsTheSessionInOrder", "announcementOfALargeRequestTakesNoMemory");
	}

	// The tests of all contracts that a transport passes, each on a thread of its own:
	// one
	// that waits for what never comes fails when its patience is over.
	private static Set<String> passed(Supplier<PipeTransport> transports) {
		Set<String> passed = new ConcurrentSkipListSet<>();
		CompletableFuture<?>[] running = CONTRACTS.keySet()
			.stream()
			.flatMap((name) -> tests(name).map((test) -> CompletableFuture.runAsync(() -> {
				if (passes(CONTRACTS.get(name).apply(transports.get()), test)) {
					passed.add(name + "." + test.getName());
				}
			}, (task) -> new Thread(task, "contract-can-fail").start())))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(running).join();
		return passed;
	}

	private static Set<String> passed(PipeProtocol protocol) {
		Set<String> passed = new TreeSet<>();
		tests(ProtocolContract.class).forEach((test) -> {
			ProtocolContract contract = new ProtocolContract(protocol) {

				@Override
				protected byte[] largestAnnouncement() {
					return new byte[] { (byte) 0xff, (byte) 0xfe };
				}

			};
			if (passes(contract, test)) {
				passed.add(test.getName());
			}
		});
		return passed;
	}

	private static Stream<Method> tests(String contract) {
		return tests(CONTRACTS.get(contract).apply(new MemoryPipeTransport()).getClass().getSuperclass());
	}

	private static Stream<Method> tests(Class<?> contract) {
		return Stream.of(contract.getDeclaredMethods()).filter((method) -> method.isAnnotationPresent(Test.class));
	}

	private static boolean passes(Object contract, Method test) {
		try {
			try {
				test.invoke(contract);
				return true;
			}
			finally {
				if (contract instanceof TransportContract transport) {
					transport.closeEverything();
				}
				else {
					((ProtocolContract) contract).closeEverything();
				}
			}
		}
		catch (Exception ex) {
			return false;
		}
	}

	// A transport whose calls, and those of its channels, go through a handler.
	private static PipeTransport broken(Call call) {
		return wrap(new MemoryPipeTransport(), PipeTransport.class, call);
	}

	private static <T> T wrap(T target, Class<T> type, Call call) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			Object result;
			try {
				result = call.invoke(target, method, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
			if (result instanceof PipeServerChannel server) {
				return wrap(server, PipeServerChannel.class, call);
			}
			return (result instanceof PipeChannel channel) ? wrap(channel, PipeChannel.class, call) : result;
		};
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	/**
	 * The behaviour of a call.
	 */
	@FunctionalInterface
	private interface Call {

		Object invoke(Object target, Method method, Object[] arguments) throws Exception;

	}

	/**
	 * How the session of a server runs.
	 */
	@FunctionalInterface
	private interface Running {

		void run(ServerSession session, ExchangeHandler handler);

	}

	/**
	 * A protocol with a server that does something else than it should.
	 */
	private static final class BrokenProtocol implements PipeProtocol {

		private final StreamStringProtocol delegate = new StreamStringProtocol();

		private final Running running;

		BrokenProtocol(Running running) {
			this.running = running;
		}

		@Override
		public String name() {
			return "broken";
		}

		@Override
		public ProtocolCapabilities capabilities() {
			return this.delegate.capabilities();
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			ServerSession session = this.delegate.serve(connection);
			return (handler) -> this.running.run(session, handler);
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			return this.delegate.open(connection);
		}

	}

}
