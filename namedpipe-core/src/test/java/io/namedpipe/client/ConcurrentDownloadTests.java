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
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Downloads of one file to one target at the same time.
 */
@Timeout(180)
class ConcurrentDownloadTests extends DownloadFixture {

	private static final int ARRIVED = 100_000;

	private final AtomicInteger clients = new AtomicInteger();

	private final CountDownLatch goOn = new CountDownLatch(1);

	/** The first client gets the rest of the file when the others are done. */
	@BeforeEach
	void waitWithinTheFirstReply() {
		serve((client) -> {
			if (this.clients.incrementAndGet() > 1) {
				this.files.with(client);
				return;
			}
			client.readHead();
			byte[] file = this.files.file.get();
			client.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: " + file.length + "\r\n\r\n");
			client.channel.write(ByteBuffer.wrap(file, 0, ARRIVED));
			this.goOn.await();
			client.channel.write(ByteBuffer.wrap(file, ARRIVED, file.length - ARRIVED));
		});
	}

	private void awaitPart() {
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)
			.until(() -> files().size() == 1 && Files.size(files().get(0)) == ARRIVED);
	}

	@Test
	void whatARunningDownloadWritesIsLeftAlone() throws Exception {
		CompletableFuture<?> running = request().async().download(this.target);
		awaitPart();
		this.files.breakAfter = ARRIVED;
		assertBreaksOff(request());
		assertThat(files()).as("a part that is written, and one that is left").hasSize(2);
		this.files.breakAfter = Integer.MAX_VALUE;
		request().download(this.target);
		assertThat(this.target).hasBinaryContent(this.files.file.get());
		assertThat(files()).as("the target, and the part that is written").hasSize(2);
		this.goOn.countDown();
		Background.get(running);
		assertComplete();
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program connects over the Unix transport")
	void whatADownloadOfAnotherProcessWritesIsLeftAlone() throws Exception {
		try (ChildJvm child = ChildJvm.start(DownloadProgram.class, Map.of(), List.of(),
				System.getProperty("java.class.path"), this.peer.address.name(), this.target.toString())) {
			awaitPart();
			request().download(this.target);
			assertThat(files()).as("the target, and the part that is written").hasSize(2);
			this.goOn.countDown();
			assertThat(child.lines()).last().isEqualTo("done");
		}
		assertComplete();
	}

}
