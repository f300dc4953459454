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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Files that are fetched, broken off and resumed.
 */
@Timeout(180)
class DownloadTests extends DownloadFixture {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 65_536, 65_537, 3_000_000 })
	void fileIsFetchedAndTakesThePlaceOfTheTarget(int length) throws IOException {
		this.files.file.set(FileServer.random(2, length));
		Files.writeString(this.target, "before");
		List<String> told = new ArrayList<>();
		request().progress((bytes, total, rate) -> {
			assertThat(rate).isNotNegative();
			told.add(bytes + "/" + total);
		}).download(this.target);
		assertComplete();
		assertThat(told).startsWith("0/" + length).endsWith(length + "/" + length);
	}

	@Test
	void contentOfUnknownLengthIsFetchedToo() throws IOException {
		serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
			if (this.files.breakAfter == Integer.MAX_VALUE) {
				client.send("0\r\n\r\n");
			}
		});
		this.files.file.set(new byte[] { 'a', 'b', 'c' });
		List<Long> totals = new ArrayList<>();
		request().progress((bytes, total, rate) -> totals.add(total)).download(this.target);
		assertComplete();
		assertThat(totals).containsOnly(-1L);
		this.files.breakAfter = 3;
		assertBreaksOff(request());
		assertComplete();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65_536, 100_000, 299_999 })
	void brokenDownloadIsResumedWhereItStood(int length) throws IOException {
		Files.writeString(this.target, "before");
		this.files.breakAfter = length;
		assertBreaksOff(request());
		assertThat(this.target).hasContent("before");
		assertThat(files()).hasSize(2);
		this.files.breakAfter = Integer.MAX_VALUE;
		List<Long> told = new ArrayList<>();
		request().resume(true).progress((bytes, total, rate) -> told.add(bytes)).download(this.target);
		assertComplete();
		assertThat(this.peer.heads).hasSize(2).last().asString().contains("bytes=" + length + "-\r\n");
		assertThat(told).startsWith((long) length).endsWith(300_000L);
	}

	@Test
	void downloadIsResumedAsOftenAsItBreaks() throws IOException {
		this.files.breakAfter = 70_000;
		for (int i = 0; i < 4; i++) {
			assertBreaksOff(request().resume(true));
			assertThat(this.target).doesNotExist();
			assertThat(files()).hasSize(1);
		}
		request().resume(true).download(this.target);
		assertComplete();
		assertThat(this.peer.heads).extracting((head) -> {
			Matcher range = FileServer.RANGE.matcher(head);
			return range.find() ? range.group(1) : "";
		}).containsExactly("", "70000", "140000", "210000", "280000");
	}

	@Test
	void fileThatHasChangedIsNotMixed() throws IOException {
		this.files.breakAfter = 100_000;
		assertBreaksOff(request());
		this.files.breakAfter = Integer.MAX_VALUE;
		this.files.file.set(FileServer.random(3, 300_000));
		this.files.tag = "\"v2\"";
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(PipeFileChangedException.class)
				.isThrownBy(() -> request().resume(true).download(this.target))
				.withMessageContaining("has changed");
			assertThat(this.target).doesNotExist();
		}
		request().download(this.target);
		assertComplete();
	}

	@ParameterizedTest
	@CsvSource({ "bytes 0-9/300000, \"v1\"", "bytes 100001-299999/300000, \"v1\"", "bytes 100000-299998/300000, \"v1\"",
			"bytes 100000-299999/300001, \"v1\"", "bytes 100000-299999/300000, \"v3\"", "nonsense, \"v1\"" })
	void partThatIsNotTheMissingOneIsRefused(String range, String tag) throws IOException {
		this.files.breakAfter = 100_000;
		assertBreaksOff(request());
		HttpPeer.Conversation wrong = (client) -> {
			client.readHead();
			client.send("HTTP/1.1 206 Partial Content\r\nContent-Range: " + range + "\r\nETag: " + tag
					+ "\r\nContent-Length: 10\r\n\r\n0123456789");
		};
		PipeTemplate honest = this.template;
		try (HttpPeer other = new HttpPeer("unix", wrong);
				PipeTemplate deceived = PipeTemplate.builder(other.transport)
					.address(other.address)
					.protocol(new HttpProtocol())
					.build()) {
			// The other server stands for the same one at another time.
			assertThat(deceived).isNotSameAs(honest);
			Path state = files().get(0);
			assertThat(state.getFileName().toString()).endsWith(".part");
			assertThatExceptionOfType(PipeException.class)
				.isThrownBy(() -> new Download(this.target, identityOf(honest), null).run(true,
						(headers) -> deceived.route("file")
							.header("range", headers.get("range"))
							.header("if-range", headers.get("if-range"))
							.exchange()))
				.isInstanceOfAny(PipeProtocolException.class, PipeFileChangedException.class);
		}
		assertThat(this.target).doesNotExist();
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
	}

	private static String identityOf(PipeTemplate template) {
		return ((DefaultPipeRequestSpec) template.route("file")).identity();
	}

	@Test
	void partThatNobodyAskedForIsRefused() throws IOException {
		serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/5\r\nContent-Length: 2\r\n\r\nab");
		});
		assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> request().download(this.target));
		assertThat(files()).isEmpty();
	}

	@Test
	void serverWithoutRangesSendsTheFileAnew() throws IOException {
		this.files.ranges = false;
		this.files.breakAfter = 100_000;
		assertBreaksOff(request());
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
	}

	@ParameterizedTest
	@ValueSource(strings = { "W/\"v1\"", "", "v1" })
	void nothingIsKeptOfAFileThatCannotBeToldFromAnother(String weak) throws IOException {
		this.files.tag = weak;
		this.files.breakAfter = 100_000;
		assertBreaksOff(request());
		assertThat(files()).isEmpty();
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
		assertThat(this.peer.heads.get(1)).doesNotContain("range");
	}

	@Test
	void anotherRequestIsNotResumed() throws IOException {
		this.files.breakAfter = 100_000;
		assertBreaksOff(request().query("name", "a"));
		this.files.breakAfter = Integer.MAX_VALUE;
		request().query("name", "b").resume(true).download(this.target);
		this.template.route("file").payload("c").resume(true).download(this.target);
		request().query("name", "a").resume(true).download(this.folder.resolve("other.bin"));
		assertThat(this.peer.heads).noneMatch((head) -> head.contains("bytes="));
		request().query("name", "a").resume(true).download(this.target);
		assertThat(this.peer.heads).last().asString().contains("bytes=100000-");
	}

	@Test
	void completeFileThatWasNotMovedIsCompleted() throws IOException {
		this.files.breakAfter = 299_999;
		assertBreaksOff(request());
		Path part = files().get(0);
		Files.write(part, this.files.file.get());
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
		assertThat(this.peer.heads.get(1)).contains("bytes=299999-");
	}

	@Test
	void fileThatIsLongerThanItCanBeIsNotResumed() throws IOException {
		this.files.breakAfter = 100_000;
		assertBreaksOff(request());
		Files.write(files().get(0), new byte[300_001]);
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
	}

	@Test
	void refusedDownloadLeavesTheTargetAlone() throws IOException {
		serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
		});
		Files.writeString(this.target, "before");
		assertThatExceptionOfType(PipeRemoteException.class).isThrownBy(() -> request().download(this.target));
		assertThat(this.target).hasContent("before");
		assertThat(files()).hasSize(1);
	}

	@Test
	void listenerThatFailsEndsTheDownload() throws IOException {
		assertThatIllegalStateException().isThrownBy(() -> request().progress((bytes, total, rate) -> {
			throw new IllegalStateException("enough");
		}).download(this.target)).withMessage("enough");
		assertThat(files()).isEmpty();
		request().download(this.target);
		assertComplete();
	}

	@Test
	void cancelledDownloadEndsAndIsResumed() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(1);
		serve((client) -> {
			if (begun.getCount() == 0) {
				this.files.with(client);
				return;
			}
			client.readHead();
			client.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 300000\r\n\r\n");
			client.channel.write(ByteBuffer.wrap(this.files.file.get(), 0, 100_000));
			client.drain();
			ended.countDown();
		});
		CompletableFuture<?> download = this.template.route("file")
			.progress((bytes, total, rate) -> begun.countDown())
			.async()
			.download(this.target);
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)
			.until(() -> files().size() == 1 && Files.size(files().get(0)) == 100_000);
		download.cancel(true);
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> ended.getCount() == 0);
		assertThat(this.target).doesNotExist();
		await().untilAsserted(() -> {
			request().resume(true).download(this.target);
			assertComplete();
		});
		assertThat(this.peer.heads.get(1)).contains("bytes=100000-");
	}

}
