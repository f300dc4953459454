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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replies without the content that was asked for, and targets that a download cannot
 * have.
 */
@Timeout(180)
class UnexpectedReplyTests extends DownloadFixture {

	private static final String MOVED = "HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 5\r\n\r\nmoved";

	private void answer(String reply) {
		serve((client) -> {
			while (true) {
				client.readHead();
				client.send(reply);
			}
		});
	}

	private static void assertRefused(int status, String text, Callable<?> call) {
		assertThatExceptionOfType(PipeRemoteException.class).isThrownBy(call::call)
			.withMessageContaining(text)
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(status));
	}

	@Test
	void redirectIsNoContent() throws IOException {
		answer(MOVED);
		String text = "status 302 and no content, but with a redirect to '/else', which is not followed";
		Files.writeString(this.target, "before");
		assertRefused(302, text, () -> request().retrieve(String.class));
		assertRefused(302, text, () -> request().retrieve(Void.class));
		assertRefused(302, text, () -> request().body());
		assertRefused(302, text, () -> this.template.requestFile("x"));
		assertRefused(302, text, () -> request().upload(new ByteArrayInputStream(new byte[0])));
		assertRefused(302, text, () -> {
			request().download(this.target);
			return null;
		});
		assertThat(this.target).hasContent("before");
		assertThat(files()).containsExactly(this.target);
	}

	@Test
	void redirectCanBeLookedAt() throws IOException {
		answer(MOVED);
		PipeReply reply = request().exchange();
		assertThat(reply.headers()).containsEntry(HttpProtocol.STATUS, "302").containsEntry("location", "/else");
		assertThat(new String(reply.body().bytes(100))).isEqualTo("moved");
	}

	@ParameterizedTest
	@ValueSource(strings = { "204 No Content", "205 Reset Content", "304 Not Modified" })
	void replyWithoutContentIsNoEmptyFile(String status) throws IOException {
		answer("HTTP/1.1 " + status + (status.startsWith("205") ? "\r\nContent-Length: 0" : "") + "\r\n\r\n");
		Files.writeString(this.target, "before");
		assertRefused(Integer.parseInt(status.substring(0, 3)), "no content", () -> {
			request().download(this.target);
			return null;
		});
		assertThat(this.target).hasContent("before");
		assertThat(files()).containsExactly(this.target);
		assertThat(request().retrieve(String.class)).isEmpty();
	}

	@Test
	void textIsReadInItsCharset() {
		answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=ISO-8859-1\r\nContent-Length: 1\r\n\r\n\u00e9");
		assertThat(this.template.requestFile("x")).isEqualTo("\u00e9");
		assertThat(request().retrieve(String.class)).isEqualTo("\u00e9");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the JDK does not tell sockets from files there")
	void targetThatIsNoFileIsNotReplaced() throws IOException {
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(this.target));
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> request().download(this.target))
				.withMessageContaining("is not replaced by a file");
			assertThat(Files.isRegularFile(this.target)).isFalse();
			assertThat(this.peer.heads).isEmpty();
		}
	}

	@Test
	void targetThatCannotBeIsRefusedBeforeTheRequest() {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> request().download(this.folder))
			.withCauseExactlyInstanceOf(FileSystemException.class)
			.withMessageContaining("the target is a folder");
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> request().download(this.folder.resolve("missing/x")))
			.withCauseExactlyInstanceOf(NoSuchFileException.class)
			.withMessageContaining("the folder of the target does not exist");
		assertThat(this.peer.heads).isEmpty();
	}

}
