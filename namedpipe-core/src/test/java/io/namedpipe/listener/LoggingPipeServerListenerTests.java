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

package io.namedpipe.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What the log says of a pipe and its clients.
 */
class LoggingPipeServerListenerTests {

	private final String id = Pipes.uniqueName();

	private final LogCapture log = LogCapture.of("'" + this.id + "'");

	private final LoggingPipeServerListener listener = new LoggingPipeServerListener(
			new LogBudget(LogBudget.DEFAULT_BYTES));

	private PeerIdentity peer = PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build();

	private final ScriptedChannel channel = new ScriptedChannel() {

		@Override
		public PeerIdentity peer() {
			if (LoggingPipeServerListenerTests.this.peer == null) {
				throw new PipeException("not known");
			}
			return LoggingPipeServerListenerTests.this.peer;
		}

	};

	private final Deadline deadline = Sessions.connection(this.channel).deadline();

	private final ServerConnection connection = new ServerConnection(this.id, this.channel, this.deadline,
			ServerTimeouts.DEFAULTS);

	@AfterEach
	void close() {
		this.log.close();
	}

	private void assertLogged(String line, Object... values) {
		List<String> lines = new ArrayList<>(this.log.lines());
		this.log.events().clear();
		assertThat(lines).containsExactly(line.formatted(values).replace("ID", this.id));
	}

	private void closed(@Nullable RuntimeException cause) {
		this.listener.connectionClosed(this.connection, cause);
	}

	@Test
	void eachEndOfAConnectionHasItsLine() {
		closed(null);
		assertLogged("INFO Pipe 'ID': a client left without a request");
		closed(new PipeProtocolException("odd\nlength"));
		assertLogged("WARN Pipe 'ID': alice broke the protocol: odd\\u000Alength");
		closed(new PipeTimeoutException("late"));
		assertLogged("WARN Pipe 'ID': the connection of alice was closed: late");
		closed(new PipeResetException("reset"));
		assertLogged("INFO Pipe 'ID': a client left before it was answered");
		closed(new PipeClosedException("closed"));
		assertLogged("INFO Pipe 'ID': the connection of alice was ended by the server");
		closed(new PipeException("other"));
		assertLogged("WARN Pipe 'ID': the connection of alice failed: other");
		assertThat(this.log.hasStackTrace()).isFalse();
		closed(new IllegalStateException("surprise"));
		assertThat(this.log.hasStackTrace()).isTrue();
		assertLogged("ERROR Pipe 'ID': a connection ended in an unexpected way");
	}

	@Test
	void ordinaryEndOfAConnectionThatWasUsedIsNotMentioned() {
		this.connection.begin(PipeRequest.of("x"), mock(PipeExchange.Responder.class));
		closed(null);
		assertThat(this.log.lines()).isEmpty();
	}

	@Test
	void userIsNamedAsFarAsItIsKnown() {
		this.peer = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21-1").domain("ACME").name("bob").build();
		closed(new PipeException("x"));
		assertLogged("WARN Pipe 'ID': the connection of ACME\\bob failed: x");
		this.peer = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21-1").name("bob").computer("desk", true).build();
		closed(new PipeException("x"));
		assertLogged("WARN Pipe 'ID': the connection of bob at desk failed: x");
		this.peer = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21-1")
			.name("bob")
			.computer("desk", false)
			.build();
		closed(new PipeException("x"));
		assertLogged("WARN Pipe 'ID': the connection of bob failed: x");
		this.peer = null;
		closed(new PipeException("x"));
		assertLogged("WARN Pipe 'ID': the connection of an unknown user failed: x");
	}

	private void ended(PipeFailure failure, @Nullable Throwable cause) {
		PipeExchange exchange = this.connection.begin(PipeRequest.of("x"), mock(PipeExchange.Responder.class));
		this.listener.exchangeEnded(exchange, new ExchangeOutcome(failure, cause), Duration.ZERO);
	}

	@Test
	void refusalIsOneLineAndADefectHasItsStackTrace() {
		ended(new PipeFailure(Code.BUSY, "later\n"), null);
		assertLogged("WARN Pipe 'ID': request of alice refused, BUSY: later\\u000A");
		ended(new PipeFailure(Code.INTERNAL, "disk"), new CompletionException(new IOException("disk")));
		assertLogged("WARN Pipe 'ID': request of alice refused, INTERNAL: disk");
		ended(new PipeFailure(Code.NOT_FOUND, "none"), new IllegalStateException("chosen"));
		assertThat(this.log.hasStackTrace()).isFalse();
		assertLogged("WARN Pipe 'ID': request of alice refused, NOT_FOUND: none");
		ended(new PipeFailure(Code.INTERNAL, "failed"), new IllegalStateException("defect"));
		assertThat(this.log.lines()).containsExactly("ERROR Pipe '%s': the handler failed".formatted(this.id),
				"WARN Pipe '%s': request of alice refused, INTERNAL: failed".formatted(this.id));
		assertThat(this.log.hasStackTrace()).isTrue();
	}

	@Test
	void replyThatBrokeOffForADefectHasItsStackTrace() {
		ended(null, new PipeException("The reply broke off", new IllegalStateException("defect")));
		assertThat(this.log.hasStackTrace()).isTrue();
		assertLogged("ERROR Pipe 'ID': the handler failed");
	}

	@Test
	void endWithoutAFailureIsNotMentioned() {
		ended(null, null);
		ended(null, new PipeException("The reply broke off", new IOException("disk")));
		ended(null, new PipeException("closed"));
		ended(null, new PipeResetException("gone", new IllegalStateException()));
		assertThat(this.log.lines()).isEmpty();
	}

	@Test
	void logSaysMoreThanTheClientIsTold() {
		PipeFailure told = new PipeFailure(Code.BAD_REQUEST, "bad");
		PipeRequestException cause = new PipeRequestException(told, null) {

			@Override
			public String getMessage() {
				return "bad, since it is odd";
			}

		};
		ended(told, cause);
		assertLogged("WARN Pipe 'ID': request of alice refused, BAD_REQUEST: bad, since it is odd");
		ended(new PipeFailure(Code.BAD_REQUEST, "another"), cause);
		assertLogged("WARN Pipe 'ID': request of alice refused, BAD_REQUEST: another");
	}

	@Test
	void userThatIsNotKnownHasABudgetToo() {
		this.peer = null;
		ended(new PipeFailure(Code.BUSY, "later"), null);
		assertLogged("WARN Pipe 'ID': request of an unknown user refused, BUSY: later");
		for (int i = 0; i < 1000; i++) {
			ended(new PipeFailure(Code.BUSY, "later"), null);
		}
		assertThat(this.log.lines()).hasSizeLessThan(500);
		this.log.events().clear();
		this.peer = PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build();
		ended(new PipeFailure(Code.BUSY, "later"), null);
		assertLogged("WARN Pipe 'ID': request of alice refused, BUSY: later");
	}

	@Test
	void budgetIsOfEachUser() {
		for (int i = 0; i < 1000; i++) {
			ended(new PipeFailure(Code.BUSY, "later"), null);
		}
		this.log.events().clear();
		this.peer = PeerIdentity.of(PeerIdentity.Kind.UNIX, "1002").name("bob").build();
		ended(new PipeFailure(Code.BUSY, "later"), null);
		assertLogged("WARN Pipe 'ID': request of bob refused, BUSY: later");
	}

	@Test
	void failureToAcceptIsSaidOnceInTenSecondsAndWithItsStackTraceIfItIsASurprise() {
		this.listener.acceptFailed(this.id, new PipeResetException("no files", new IllegalStateException()));
		this.listener.acceptFailed(this.id, new PipeException("no files"));
		assertThat(this.log.hasStackTrace()).isFalse();
		assertLogged("ERROR Pipe 'ID': no files");
		LoggingPipeServerListener other = new LoggingPipeServerListener(new LogBudget(LogBudget.DEFAULT_BYTES));
		other.acceptFailed(this.id, new PipeException("io", new IOException()));
		assertThat(this.log.hasStackTrace()).isFalse();
		assertLogged("ERROR Pipe 'ID': io");
		new LoggingPipeServerListener(new LogBudget(LogBudget.DEFAULT_BYTES)).acceptFailed(this.id,
				new PipeException("surprise", new IllegalStateException("odd")));
		assertThat(this.log.hasStackTrace()).isTrue();
		assertLogged("ERROR Pipe 'ID': surprise");
	}

	@Test
	void limitsAndRefusalsAreSaidOnceInTenSecondsForEachPipe() {
		for (int i = 0; i < 3; i++) {
			this.listener.connectionLimitReached(this.id, 7);
		}
		assertLogged("WARN Pipe 'ID': all 7 connections are in use, and further clients wait; see max-connections");
		for (int i = 0; i < 3; i++) {
			this.listener.connectionRefused(this.id, "1001\n", new PipeFailure(Code.BUSY, "full"));
		}
		assertLogged("WARN Pipe 'ID': a client of the user 1001\\u000A was refused, BUSY: full");
		try (LogCapture other = LogCapture.of("'other-" + this.id + "'")) {
			this.listener.connectionLimitReached("other-" + this.id, 7);
			this.listener.connectionRefused("other-" + this.id, "1001", new PipeFailure(Code.BUSY, "full"));
			this.listener.acceptFailed("other-" + this.id, new PipeException("no files"));
			assertThat(other.lines()).hasSize(3);
		}
	}

	private PipeListenerContainer container(String... locations) {
		PipeListenerContainer container = mock(PipeListenerContainer.class);
		given(container.id()).willReturn(this.id);
		given(container.locations()).willReturn(List.of(locations));
		given(container.settings())
			.willReturn(PipeContainerSettings.of(this.id, PipeAddress.of("files"), new StreamStringProtocol()).build());
		return container;
	}

	private void changed(ContainerState from, ContainerState to, @Nullable Throwable cause) {
		this.listener.stateChanged(container("files"), from, to, cause);
	}

	@Test
	void statesThatAnAdministratorShouldKnowAreSaid() {
		changed(ContainerState.NEW, ContainerState.RUNNING, null);
		assertLogged("INFO Pipe 'ID' listens on files with the protocol stream-string");
		this.listener.stateChanged(container("/tmp/a", "/tmp/b"), ContainerState.STOPPED, ContainerState.RUNNING, null);
		assertLogged("INFO Pipe 'ID' listens on files (path /tmp/a and /tmp/b) with the protocol stream-string");
		changed(ContainerState.RUNNING, ContainerState.FAILED, new PipeException("gone\n"));
		assertLogged("ERROR Pipe 'ID' has failed and is closed: gone\\u000A");
		changed(ContainerState.RUNNING, ContainerState.FAILED, new NullPointerException());
		assertLogged("ERROR Pipe 'ID' has failed and is closed: NullPointerException");
		changed(ContainerState.STOPPING, ContainerState.FAILED, null);
		assertLogged("INFO Pipe 'ID' has stopped");
		changed(ContainerState.STOPPING, ContainerState.STOPPED, null);
		assertLogged("INFO Pipe 'ID' has stopped");
		changed(ContainerState.PAUSED, ContainerState.RUNNING, null);
		changed(ContainerState.RUNNING, ContainerState.PAUSED, null);
		changed(ContainerState.RUNNING, ContainerState.STOPPING, null);
		assertThat(this.log.lines()).isEmpty();
	}

	@Test
	void pipeThatClientsDoNotFindIsSaid() {
		this.listener.reachabilityChanged(container("/tmp/a"), false);
		assertThat(this.log.lines()).singleElement()
			.asString()
			.startsWith("ERROR Pipe '%s': clients do not find it any more at /tmp/a: ".formatted(this.id));
		this.log.events().clear();
		this.listener.reachabilityChanged(container("/tmp/a"), true);
		assertLogged("INFO Pipe 'ID': clients find it again at /tmp/a");
	}

	@Test
	void eachListenerIsToldEachEventAlsoIfAnotherFails() {
		PipeServerListener failing = mock(PipeServerListener.class, (invocation) -> {
			throw new IllegalStateException("made to fail");
		});
		List<Consumer<PipeServerListener>> events = List.of(
				(each) -> each.stateChanged(mock(PipeListenerContainer.class), ContainerState.NEW,
						ContainerState.RUNNING, null),
				(each) -> each.reachabilityChanged(mock(PipeListenerContainer.class), true),
				(each) -> each.connectionOpened(this.connection),
				(each) -> each.connectionClosed(this.connection, null),
				(each) -> each.exchangeStarted(this.connection.begin(PipeRequest.of(""), mock())),
				(each) -> each.exchangeEnded(this.connection.begin(PipeRequest.of(""), mock()),
						new ExchangeOutcome(null, null), Duration.ZERO),
				(each) -> each.acceptFailed(this.id, new PipeException("x")),
				(each) -> each.connectionLimitReached(this.id, 1),
				(each) -> each.connectionRefused(this.id, "1001", new PipeFailure(Code.BUSY, "x")));
		for (Consumer<PipeServerListener> event : events) {
			List<String> told = new ArrayList<>();
			PipeServerListener last = mock(PipeServerListener.class, (invocation) -> {
				told.add(invocation.getMethod().getName());
				return null;
			});
			event.accept(new CompositePipeServerListener(List.of(failing, last)));
			assertThat(told).hasSize(1);
		}
		try (LogCapture captured = LogCapture.of(failing.getClass().getName())) {
			events.get(0).accept(new CompositePipeServerListener(List.of(failing)));
			assertThat(captured.lines())
				.containsExactly("ERROR A listener of pipe servers failed: " + failing.getClass().getName());
		}
	}

}
