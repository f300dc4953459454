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

package io.namedpipe.protocol.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages that a server or a client reads from the bytes of a connection: all
 * results of the parser and the decoder, as text.
 */
final class HttpWire {

	private final HttpLimits limits;

	private final HttpHeadParser<?> parser;

	private final List<Message> messages = new ArrayList<>();

	private @Nullable HttpBodyDecoder body;

	private @Nullable HttpException failure;

	private HttpWire(HttpLimits limits, HttpHeadParser<?> parser) {
		this.limits = limits;
		this.parser = parser;
	}

	/**
	 * Read requests, and check that the same comes out when the bytes are cut.
	 * @param limits the limits
	 * @param bytes the bytes, then the end of the stream
	 * @return what was read
	 */
	static HttpWire requests(HttpLimits limits, byte[] bytes) {
		return read(bytes, () -> new HttpWire(limits, new HttpRequestParser(limits)));
	}

	static HttpWire requests(String bytes) {
		return requests(HttpLimits.DEFAULTS, bytes(bytes));
	}

	/**
	 * Read requests in one piece only.
	 * @param bytes the bytes, then the end of the stream
	 * @return what was read
	 */
	static HttpWire uncut(byte[] bytes) {
		return new HttpWire(HttpLimits.DEFAULTS, new HttpRequestParser(HttpLimits.DEFAULTS)).feed(Stream.of(bytes));
	}

	/**
	 * Read requests in pieces.
	 * @param bytes the bytes, then the end of the stream
	 * @param length the length of a piece
	 * @return what was read
	 */
	static HttpWire inPieces(byte[] bytes, int length) {
		return new HttpWire(HttpLimits.DEFAULTS, new HttpRequestParser(HttpLimits.DEFAULTS))
			.feed(pieces(bytes, length));
	}

	static HttpWire uncutResponse(String method, byte[] bytes) {
		return client(HttpLimits.DEFAULTS, method).feed(Stream.of(bytes));
	}

	static HttpWire responseInPieces(String method, byte[] bytes, int length) {
		return client(HttpLimits.DEFAULTS, method).feed(pieces(bytes, length));
	}

	/**
	 * Read the responses to one request, and check that the same comes out when the bytes
	 * are cut.
	 * @param limits the limits
	 * @param method the method of the request
	 * @param bytes the bytes, then the end of the stream
	 * @return what was read
	 */
	static HttpWire responses(HttpLimits limits, String method, byte[] bytes) {
		return read(bytes, () -> client(limits, method));
	}

	private static HttpWire client(HttpLimits limits, String method) {
		HttpResponseParser parser = new HttpResponseParser(limits);
		parser.expectResponseTo(method);
		return new HttpWire(limits, parser);
	}

	static HttpWire responses(String method, String bytes) {
		return responses(HttpLimits.DEFAULTS, method, bytes(bytes));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static HttpWire read(byte[] bytes, Supplier<HttpWire> wires) {
		HttpWire whole = wires.get().feed(Stream.of(bytes));
		String outcome = whole.toString();
		assertThat(wires.get().feed(pieces(bytes, 1))).as("byte by byte").hasToString(outcome);
		for (int cut = 1; cut < bytes.length; cut++) {
			byte[] first = Arrays.copyOf(bytes, cut);
			byte[] second = Arrays.copyOfRange(bytes, cut, bytes.length);
			assertThat(wires.get().feed(Stream.of(first, second))).as("cut at %d", cut).hasToString(outcome);
		}
		return whole;
	}

	private static Stream<byte[]> pieces(byte[] bytes, int length) {
		return IntStream.range(0, (bytes.length + length - 1) / length)
			.mapToObj((i) -> Arrays.copyOfRange(bytes, i * length, Math.min(bytes.length, (i + 1) * length)));
	}

	private HttpWire feed(Stream<byte[]> pieces) {
		try {
			pieces.forEach((piece) -> take(ByteBuffer.wrap(piece)));
			if (this.body != null) {
				this.body.end();
			}
			this.parser.end();
		}
		catch (HttpException ex) {
			this.failure = ex;
		}
		return this;
	}

	private void take(ByteBuffer in) {
		do {
			if (this.body == null) {
				Object head = this.parser.parse(in);
				if (head == null) {
					assertThat(in.hasRemaining()).as("all is consumed").isFalse();
					return;
				}
				begin(head);
			}
			else {
				ByteBuffer data = this.body.decode(in);
				if (data != null) {
					assertThat(data.hasRemaining()).isTrue();
					message().body.append(StandardCharsets.ISO_8859_1.decode(data));
				}
				else if (!this.body.isEnded()) {
					assertThat(in.hasRemaining()).as("all is consumed").isFalse();
				}
			}
			if (this.body != null && this.body.isEnded()) {
				message().trailers = this.body.trailers().toString();
				message().complete = true;
				this.body = null;
			}
		}
		while (in.hasRemaining());
	}

	private void begin(Object head) {
		this.messages.add(new Message(head));
		this.body = new HttpBodyDecoder((head instanceof HttpRequestHead request) ? request.bodyLength()
				: ((HttpResponseHead) head).bodyLength(), this.limits);
	}

	private Message message() {
		return this.messages.get(this.messages.size() - 1);
	}

	List<Message> messages() {
		return this.messages;
	}

	/**
	 * The one message, complete, of a connection without a failure.
	 * @return the message
	 */
	Message message1() {
		assertThat(this.failure).isNull();
		assertThat(this.messages).hasSize(1);
		assertThat(this.messages.get(0).complete).isTrue();
		return this.messages.get(0);
	}

	HttpRequestHead request() {
		return (HttpRequestHead) message1().head;
	}

	HttpResponseHead response() {
		return (HttpResponseHead) message1().head;
	}

	@Nullable HttpException failure() {
		return this.failure;
	}

	/**
	 * How it ended.
	 * @return 0 for well, else the status to answer
	 */
	int status() {
		return (this.failure != null) ? this.failure.status() : 0;
	}

	@Override
	public String toString() {
		return this.messages + ((this.failure != null) ? " " + status() + " " + this.failure.getMessage() : "");
	}

	/**
	 * A message as far as it was read.
	 */
	static final class Message {

		final Object head;

		final StringBuilder body = new StringBuilder();

		String trailers = "";

		boolean complete;

		Message(Object head) {
			this.head = head;
		}

		@Override
		public String toString() {
			return this.head + "\n" + this.body + "\n" + this.trailers + (this.complete ? "complete" : "incomplete");
		}

	}

}
