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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;

/**
 * Sends a request, reads the reply. A small reply is read at once, so that its connection
 * is free again; a large one while it arrives.
 */
final class HttpClientSession implements ClientSession {

	/** The largest reply that is read at once, and the largest problem. */
	private static final int SMALL_BYTES = 64 * 1024;

	private final ClientConnection connection;

	private final HttpLimits limits;

	private final HttpResponseParser parser;

	private final HttpInput input = new HttpInput();

	private final HttpOutput output = new HttpOutput(this::write);

	private @Nullable HttpBodyStream body;

	private boolean keepAlive = true;

	HttpClientSession(ClientConnection connection, HttpLimits limits) {
		this.connection = connection;
		this.limits = limits;
		this.parser = new HttpResponseParser(limits);
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		if (!isReusable()) {
			throw new IllegalStateException(
					"The connection is closed, or the body of the reply before was not read to its end");
		}
		PipeRequestException refusal;
		boolean done = false;
		try {
			HttpResponseHead head = send(request);
			HttpBodyStream stream = begin(head);
			if (head.status() < 400) {
				PipeReply reply = reply(head, stream);
				done = true;
				return reply;
			}
			refusal = refusal(head, stream);
			done = stream.isComplete();
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof PipeException cause) {
				throw this.connection.translate(cause);
			}
			throw new UncheckedIOException(ex);
		}
		catch (PipeException ex) {
			throw this.connection.translate(ex);
		}
		finally {
			this.connection.deadline().disarm();
			if (!done) {
				close();
			}
		}
		throw refusal;
	}

	private HttpResponseHead send(PipeRequest request) throws IOException {
		PipeBody content = request.body().isStream() ? request.body()
				: PipeBody.of(request.body().bytes(Integer.MAX_VALUE));
		String method = request.headers().getOrDefault(HttpProtocol.METHOD, (content.length() == 0) ? "GET" : "POST");
		this.keepAlive = false;
		this.body = null;
		this.parser.expectResponseTo(method);
		arm();
		boolean whole = send(request, method, content);
		arm();
		HttpResponseHead head;
		do {
			head = receiveHead();
		}
		while (head.isInterim());
		this.keepAlive = whole && head.keepAlive();
		return head;
	}

	private boolean send(PipeRequest request, String method, PipeBody content) throws IOException {
		String query = request.headers().get(HttpProtocol.QUERY);
		String target = HttpFields.path(request.route()) + ((query != null) ? "?" + query : "");
		HttpHeaders fields = HttpFields.toFields(request.headers());
		HttpFields.setIfAbsent(fields, "Host", "pipe");
		if (!request.body().isEmpty()) {
			HttpFields.setIfAbsent(fields, "Content-Type",
					(request.body().text() != null) ? "text/plain;charset=UTF-8" : "application/octet-stream");
		}
		long length = (content.length() != PipeBody.UNKNOWN_LENGTH) ? content.length() : HttpFraming.CHUNKED;
		boolean bodiless = request.body().isEmpty() && !method.equals("POST") && !method.equals("PUT");
		PipeBody closed = request.body();
		try (closed) {
			this.output.send(content,
					(encoder) -> encoder.request(method, target, fields, bodiless ? HttpFraming.NONE : length));
			return true;
		}
		catch (PipeResetException ex) {
			// A server may answer and close before it has read everything.
			return false;
		}
	}

	private HttpResponseHead receiveHead() {
		while (true) {
			HttpResponseHead head = this.parser.parse(this.input.available());
			if (head != null) {
				return head;
			}
			if (!this.input.receive(this.connection.progressChannel()::read)) {
				this.parser.end();
				throw new PipeNoReplyException("The server closed the connection without a reply; its log may say why");
			}
		}
	}

	private HttpBodyStream begin(HttpResponseHead head) {
		this.input.expect(head.bodyLength());
		HttpBodyStream stream = new HttpBodyStream(this.input, new HttpBodyDecoder(head.bodyLength(), this.limits),
				this::receiveBody, this::released);
		this.body = stream;
		return stream;
	}

	private PipeReply reply(HttpResponseHead head, HttpBodyStream stream) throws IOException {
		Map<String, String> headers = HttpFields.toHeaders(head.headers());
		headers.put(HttpProtocol.STATUS, String.valueOf(head.status()));
		long length = head.bodyLength();
		if (length == 0) {
			return new PipeReply(headers, PipeBody.empty());
		}
		if (length == HttpFraming.CHUNKED || length > SMALL_BYTES) {
			return new PipeReply(headers, PipeBody.of(stream,
					(length == HttpFraming.CHUNKED) ? PipeBody.UNKNOWN_LENGTH : length, "The body of the reply"));
		}
		byte[] bytes = stream.readAllBytes();
		String text = HttpFields.isText(head.headers().get("Content-Type")) ? text(bytes) : null;
		return new PipeReply(headers, (text != null) ? PipeBody.of(text) : PipeBody.of(bytes));
	}

	private static @Nullable String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static PipeRequestException refusal(HttpResponseHead head, InputStream stream) throws IOException {
		String type = head.headers().get("Content-Type");
		String content = new String(stream.readNBytes(SMALL_BYTES), StandardCharsets.UTF_8);
		boolean problem = type != null && type.toLowerCase(Locale.ROOT).startsWith(HttpProblem.MEDIA_TYPE);
		return HttpProblem.read(head.status(), problem ? content : "");
	}

	private void arm() {
		this.connection.deadline()
			.arm("The request to the pipe '%s'".formatted(this.connection.address()), this.connection.requestTimeout(),
					"request-timeout");
	}

	// No time runs while the reader of the reply does something else.
	private int receiveBody(ByteBuffer destination) {
		arm();
		try {
			int count = this.connection.channel().read(destination);
			this.connection.deadline().disarm();
			return count;
		}
		catch (PipeException ex) {
			throw this.connection.translate(ex);
		}
	}

	private void write(ByteBuffer slice) {
		this.connection.write(slice);
	}

	private void released() {
		if (!isReusable()) {
			close();
		}
	}

	@Override
	public boolean isReusable() {
		return this.keepAlive && (this.body == null || this.body.isComplete()) && !this.input.available().hasRemaining()
				&& this.connection.channel().isOpen();
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
