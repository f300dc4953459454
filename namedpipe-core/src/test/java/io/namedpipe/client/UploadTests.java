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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Files and streams that are sent.
 */
@Timeout(180)
class UploadTests {

	@TempDir
	private Path folder;

	private HttpPeer peer;

	private PipeTemplate template;

	private void serve(HttpPeer.Conversation conversation) {
		this.peer = new HttpPeer("unix", conversation);
		this.template = this.peer.builder().build();
	}

	@AfterEach
	void close() {
		this.template.close();
		this.peer.close();
		assertThat(this.peer.failures).isEmpty();
	}

	@Test
	void fileIsSentWithItsLength() throws IOException {
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		serve((client) -> {
			String head = client.readHead();
			assertThat(head).startsWith("PUT /write?name=x HTTP/1.1\r\n")
				.contains("Content-Length: 3000000\r\n")
				.contains("Expect: 100-continue\r\n");
			client.send("HTTP/1.1 100 Continue\r\n\r\n");
			received.writeBytes(client.read(3_000_000));
			client.answer("thanks");
		});
		byte[] bytes = FileServer.random(7, 3_000_000);
		Path source = Files.write(this.folder.resolve("source"), bytes);
		List<String> told = new ArrayList<>();
		PipeReply reply = this.template.route("write")
			.query("name", "x")
			.progress((count, total, rate) -> told.add(count + "/" + total))
			.upload(source);
		assertThat(reply.body().text()).isEqualTo("thanks");
		assertThat(received.toByteArray()).isEqualTo(bytes);
		assertThat(told).startsWith("0/3000000").endsWith("3000000/3000000");
	}

	@Test
	void streamIsSentInChunks() throws Exception {
		serve((client) -> {
			assertThat(client.readHead()).startsWith("POST /write HTTP/1.1\r\n")
				.contains("Transfer-Encoding: chunked\r\n");
			client.send("HTTP/1.1 100 Continue\r\n\r\n");
			client.read(13);
			client.answer("ok");
		});
		InputStream source = new ByteArrayInputStream(new byte[] { 'a', 'b', 'c' });
		assertThat(Background.get(this.template.route("write").method("POST").async().upload(source)).body().text())
			.isEqualTo("ok");
	}

	@Test
	void uploadUsesNoConnectionThatTheServerMayHaveClosed() throws IOException {
		serve((client) -> {
			client.readHead();
			client.answer("ok");
			// Closes the connection, which the client keeps.
		});
		Path source = Files.writeString(this.folder.resolve("source"), "abc");
		assertThat(this.template.route("x").retrieve(String.class)).isEqualTo("ok");
		await().until(() -> this.peer.ended.get() == 1);
		assertThat(this.template.route("write").upload(source).body().text()).isEqualTo("ok");
	}

	@Test
	void uploadToAServerThatIsKilledFails() throws IOException {
		serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 100 Continue\r\n\r\n");
			client.read(500_000);
		});
		Path source = Files.write(this.folder.resolve("source"), FileServer.random(8, 3_000_000));
		assertThatExceptionOfType(PipeNoReplyException.class)
			.isThrownBy(() -> this.template.route("write").upload(source));
		assertThat(this.peer.connections).hasValue(1);
	}

}
