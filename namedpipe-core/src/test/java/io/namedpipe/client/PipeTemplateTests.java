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

package io.namedpipe.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A client and all the servers that it can meet.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class PipeTemplateTests extends ScriptedServer {

	PipeTemplateTests(String transport) {
		super(transport);
	}

	private PipeTemplate template() {
		return PipeTemplate.builder(this.transport)
			.address(this.address)
			.options(
					PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(Background.PATIENCE_SECONDS)).build())
			.build();
	}

	@Test
	void asksForAFileAndClosesTheConnection() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			client.write(Pipes.frame(GREETING));
			assertThat(Pipes.readFrame(client)).isEqualTo("/etc/motd");
			client.write(Pipes.frame("welcome"));
		});
		assertThat(template().requestFile("/etc/motd")).isEqualTo("welcome");
		Background.get(served);
	}

	@Test
	void expectsTheGreetingThatItWasTold() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			client.write(Pipes.frame("Hello"));
			client.write(Pipes.frame("reply"));
		});
		PipeTemplate template = PipeTemplate.builder(this.transport)
			.address(this.address)
			.protocol(new StreamStringProtocol("Hello"))
			.build();
		assertThat(template.exchange(PipeRequest.of("x")).body().text()).isEqualTo("reply");
		Background.get(served);
	}

	@Test
	void absentServerIsNotFound() {
		this.server.close();
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> template().requestFile("x"))
			.withMessageContaining(this.address.name());
	}

	@Test
	void serverThatComesLaterIsWaitedForIfAskedTo() throws Exception {
		this.server.close();
		PipeTemplate template = PipeTemplate.builder(this.transport)
			.address(this.address)
			.options(PipeClientOptions.builder().waitForServer(Duration.ofSeconds(20)).build())
			.build();
		CompletableFuture<String> reply = Background.run(() -> template.requestFile("x"));
		bind();
		serve((client) -> {
			client.write(Pipes.frame(GREETING));
			Pipes.readFrame(client);
			client.write(Pipes.frame("late"));
		});
		assertThat(Background.get(reply)).isEqualTo("late");
	}

	@Test
	void serverThatNeverGreetsIsBusy() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
		});
		assertBusy();
		Background.get(served);
	}

	@Test
	void serverThatNeverAcceptsIsBusy() {
		assertBusy();
	}

	private void assertBusy() {
		PipeTemplate impatient = PipeTemplate.builder(this.transport)
			.address(this.address)
			.options(PipeClientOptions.builder().connectTimeout(Duration.ofMillis(150)).build())
			.build();
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> impatient.requestFile("x"))
			.withMessageContaining("did not greet within 150 ms")
			.withMessageContaining(this.address.name());
	}

	@Test
	void impostorIsToldNothing() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.write(Pipes.frame("I am an impostor."));
			assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		});
		assertThatExceptionOfType(PipeNotVerifiedException.class).isThrownBy(() -> template().requestFile("secret"));
		Background.get(served);
	}

	@Test
	void serverThatClosesBeforeItGreetsGivesNoReply() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
		});
		assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> template().requestFile("x"))
			.withMessageContaining("before it greeted");
		Background.get(served);
	}

	@Test
	void serverThatClosesInsteadOfAReplyGivesNone() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.write(Pipes.frame(GREETING));
			Pipes.readFrame(client);
		});
		assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> template().requestFile("x"))
			.withMessageContaining("without a reply");
		Background.get(served);
	}

	@Test
	void replyThatIsCutHalfWayIsAReset() throws Exception {
		CompletableFuture<Void> served = serve((client) -> {
			client.write(Pipes.frame(GREETING));
			Pipes.readFrame(client);
			client.write(Pipes.frame("reply").limit(6));
		});
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> template().requestFile("x"))
			.withMessageContaining("4 of 10 bytes");
		Background.get(served);
	}

	@Test
	void nameThatIsTooLongIsNotSent() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
			client.write(Pipes.frame(GREETING));
			assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		});
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> template().requestFile("x".repeat(32_768)));
		Background.get(served);
	}

	@Test
	void callbackUsesTheConnectionWhichIsClosedThen() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> client.write(Pipes.bytes(42)));
		PipeChannel[] used = new PipeChannel[1];
		int read = template().execute((channel) -> {
			used[0] = channel;
			ByteBuffer buffer = ByteBuffer.allocate(1);
			channel.read(buffer);
			return (int) buffer.get(0);
		});
		assertThat(read).isEqualTo(42);
		assertThat(used[0].isOpen()).isFalse();
		Background.get(served);
	}

	@Test
	void callbackThatFailsDoesNotLeaveTheConnectionOpen() throws Exception {
		CompletableFuture<Void> served = serveToTheEnd((client) -> {
		});
		assertThatIllegalStateException().isThrownBy(() -> template().execute((channel) -> {
			throw new IllegalStateException("mine");
		})).withMessage("mine");
		Background.get(served);
	}

	@Test
	void manyThreadsShareATemplate() throws Exception {
		AtomicInteger served = new AtomicInteger();
		CompletableFuture<Object> serving = Background.run(() -> {
			while (true) {
				try (PipeChannel client = this.server.accept()) {
					client.write(Pipes.frame(GREETING));
					client.write(Pipes.frame("reply to " + Pipes.readFrame(client)));
					served.incrementAndGet();
				}
			}
		});
		PipeTemplate template = template();
		List<CompletableFuture<String>> replies = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			String name = "file " + i;
			replies.add(Background.run(() -> template.requestFile(name)));
		}
		for (int i = 0; i < replies.size(); i++) {
			assertThat(Background.get(replies.get(i))).isEqualTo("reply to file " + i);
		}
		this.server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(serving));
		assertThat(served).hasValue(30);
	}

	@Test
	void templateWithoutAnAddressCannotBeBuilt() {
		assertThatIllegalStateException().isThrownBy(() -> PipeTemplate.builder(this.transport).build())
			.withMessageContaining("namedpipe.client.default-pipe");
	}

	@Test
	void builderCanBeShared() {
		PipeTemplateBuilder builder = PipeTemplate.builder(this.transport).address(this.address);
		PipeTemplate other = builder.address(PipeAddress.of("other")).build();
		assertThat(builder.build().address()).isEqualTo(this.address);
		assertThat(other.address()).isEqualTo(PipeAddress.of("other"));
		assertThat(other).hasToString("PipeTemplate[other over %s]".formatted(this.transport.name()));
	}

}
