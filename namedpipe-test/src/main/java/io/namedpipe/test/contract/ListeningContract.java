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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Claiming a name, accepting clients, and closing.
 *
 * @since 0.1.0
 */
public abstract class ListeningContract extends TransportContract {

	private static final int RACE_ROUNDS = 100;

	protected ListeningContract(PipeTransport transport) {
		super(transport);
	}

	@Test
	void nameIsClaimedBeforeTheFirstAccept() {
		PipeServerChannel server = bind(uniqueAddress());
		assertThat(server.isOpen()).isTrue();
		assertThat(connect(server.address()).isOpen()).isTrue();
	}

	@Test
	void secondListenerOnTheNameIsRefusedAndTheFirstUnaffected() throws Exception {
		PipeServerChannel first = bind(uniqueAddress());
		assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(first.address()))
			.withMessageContaining(first.address().name());
		Pair pair = pair(first);
		pair.client().write(bytes("still here"));
		assertThat(readText(pair.server(), 10)).isEqualTo("still here");
	}

	@Test
	void nameCanBeBoundAgainAfterCloseWhileAnOldClientHoldsOn() throws Exception {
		PipeServerChannel first = bind(uniqueAddress());
		Pair old = pair(first);
		first.close();
		PipeServerChannel second = rebind(first.address(), old);
		Pair fresh = pair(second);
		fresh.client().write(bytes("new"));
		assertThat(readText(fresh.server(), 3)).isEqualTo("new");
	}

	private PipeServerChannel rebind(PipeAddress address, Pair old) {
		try {
			return bind(address);
		}
		catch (PipeInUseException ex) {
			// On Windows the name lives on through the handles of old connections: a
			// clear refusal is right, and closing them frees it.
			old.server().close();
			old.client().close();
			return bind(address);
		}
	}

	@Test
	void clientThatConnectsBeforeTheFirstAcceptIsServed() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		PipeChannel client = connect(server.address());
		client.write(bytes("early"));
		PipeChannel accepted = get(async(() -> track(server.accept())));
		assertThat(readText(accepted, 5)).isEqualTo("early");
	}

	@Test
	void clientThatLeftBeforeTheAcceptDoesNotHarmTheNext() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		connect(server.address()).close();
		PipeChannel client = connect(server.address());
		CompletableFuture<String> served = async(() -> {
			while (true) {
				PipeChannel accepted = track(server.accept());
				String text = readText(accepted, 4);
				if (!text.isEmpty()) {
					return text;
				}
			}
		});
		client.write(bytes("real"));
		assertThat(get(served)).isEqualTo("real");
	}

	@Test
	void thousandClientsThatConnectAndLeaveDoNotHarmTheListener() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<String> served = async(() -> {
			while (true) {
				try (PipeChannel accepted = server.accept()) {
					String text = readText(accepted, 4);
					if (text.equals("real")) {
						return text;
					}
				}
			}
		});
		for (int i = 0; i < 1000; i++) {
			this.transport.connect(server.address(), PATIENT).close();
		}
		connect(server.address()).write(bytes("real"));
		assertThat(get(served)).isEqualTo("real");
	}

	@Test
	void racingListenAndConnectMeetsSuccessNotFoundOrBusyOnly() throws Exception {
		for (int round = 0; round < 50; round++) {
			PipeAddress address = uniqueAddress();
			CompletableFuture<Boolean> client = async(() -> {
				try {
					this.transport.connect(address, PipeClientOptions.defaults()).close();
					return true;
				}
				catch (PipeNotFoundException | PipeBusyException ex) {
					return false;
				}
			});
			PipeServerChannel server = bind(address);
			get(client);
			this.transport.connect(address, PATIENT).close();
			server.close();
		}
	}

	@Test
	void clientsAtOnceHaveConversationsOfTheirOwn() throws Exception {
		int clients = 12;
		PipeServerChannel server = bind(uniqueAddress());
		List<CompletableFuture<Void>> servers = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			servers.add(run(() -> {
				try (PipeChannel channel = server.accept()) {
					channel.write(bytes("echo " + readText(channel, 2)));
				}
			}));
		}
		List<PipeChannel> channels = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			channels.add(connect(server.address()));
		}
		for (int i = clients - 1; i >= 0; i--) {
			channels.get(i).write(bytes("%02d".formatted(i)));
		}
		for (int i = 0; i < clients; i++) {
			assertThat(readText(channels.get(i), 7)).isEqualTo("echo %02d".formatted(i));
		}
		for (CompletableFuture<Void> each : servers) {
			get(each);
		}
	}

	@Test
	void acceptAfterCloseSaysClosed() {
		PipeServerChannel server = bind(uniqueAddress());
		server.close();
		server.close();
		assertThat(server.isOpen()).isFalse();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(server::accept);
	}

	@Test
	void listenerLeavesAcceptedConnectionsAloneWhenItCloses() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		Pair pair = pair(server);
		server.close();
		pair.client().write(bytes("on"));
		assertThat(readText(pair.server(), 2)).isEqualTo("on");
	}

	@Test
	void closeEndsAPendingAccept() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<PipeChannel> accept = async(server::accept);
		awaitBlocked("accept");
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(accept));
	}

	@Test
	void closeEndsEveryPendingAccept() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		CompletableFuture<PipeChannel> first = async(server::accept);
		CompletableFuture<PipeChannel> second = async(server::accept);
		awaitBlocked("accept");
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(first));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> get(second));
	}

	@Test
	void closeRacingWithAcceptConnectReadAndWriteNeverHangs() throws Exception {
		for (int round = 0; round < RACE_ROUNDS; round++) {
			PipeAddress address = uniqueAddress();
			PipeServerChannel server = bind(address);
			CompletableFuture<Void> serving = run(() -> {
				try (PipeChannel channel = server.accept()) {
					ByteBuffer buffer = ByteBuffer.allocate(16);
					while (channel.read(buffer.clear()) >= 0) {
						channel.write(buffer.flip());
					}
				}
				catch (PipeException ex) {
					// Whichever comes first ends the round.
				}
			});
			CompletableFuture<Boolean> calling = async(() -> {
				try (PipeChannel channel = this.transport.connect(address, PATIENT)) {
					channel.write(bytes("x"));
					return readText(channel, 1).equals("x");
				}
				catch (PipeException ex) {
					// Whichever comes first ends the round.
					return false;
				}
			});
			if (round % 3 == 0) {
				Thread.onSpinWait();
			}
			else if (round % 3 == 1) {
				assertThat(get(calling)).as("the client is served as long as nothing is closed").isTrue();
			}
			server.close();
			get(calling);
			get(serving);
		}
	}

}
