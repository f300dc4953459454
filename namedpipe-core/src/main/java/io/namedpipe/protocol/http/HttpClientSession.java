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
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;

/**
 * Sends a request, reads the reply. A small reply is read at once, so that its connection
 * is free again; a large one while it arrives.
 */
final class HttpClientSession implements ClientSession {

	/**
	 * The largest reply that is read at once, the largest problem, and the largest
	 * request that is sent before the answer is looked for.
	 */
	private static final int SMALL_BYTES = 64 * 1024;

	/** Bytes of a reply that is not HTTP, for the message. */
	private static final int MAX_QUOTED = 100;

	/** The smallest body that the server is asked for before it is sent. */
	private static final int EXPECT_BYTES = 1024 * 1024;

	private static final int EXPECTATION_FAILED = 417;

	/** RFC 9110, 9.2.2: sending them twice is the same as once. */
	private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

	private final ClientConnection connection;

	private final HttpLimits limits;

	private final boolean failuresAsReplies;

	/** Shared by the sessions of a protocol: the next one does not ask again. */
	private final AtomicBoolean expectationRefused;

	private final HttpResponseParser parser;

	private final HttpInput input = new HttpInput();

	private final HttpOutput output = new HttpOutput(this::write, HttpOutput.FileSink.NONE);

	private @Nullable HttpBodyStream body;

	private @Nullable HttpSending sending;

	private boolean keepAlive = true;

	private volatile boolean written;

	private boolean answered;

	private boolean repeatable;

	HttpClientSession(ClientConnection connection, HttpLimits limits, boolean failuresAsReplies,
			AtomicBoolean expectationRefused) {
		this.connection = connection;
		this.limits = limits;
		this.failuresAsReplies = failuresAsReplies;
		this.expectationRefused = expectationRefused;
		this.parser = new HttpResponseParser(limits);
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		if (!isReusable()) {
			throw new IllegalStateException(
					"The connection is closed, or the body of the reply before was not read to its end");
		}
		PipeRemoteException refusal;
		boolean done = false;
		try {
			HttpResponseHead head = send(request);
			HttpBodyStream stream = begin(head);
			if (head.status() < 400 || this.failuresAsReplies) {
				PipeReply reply = reply(head, stream);
				done = true;
				return reply;
			}
			refusal = refusal(head, stream);
			done = isReusable();
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
		boolean once = request.body().isStream() || request.body().writer() != null;
		HttpHeaders fields = HttpFields.toFields(request.headers());
		PipeBody content = once ? request.body()
				: PipeBody.of(HttpFields.encoded(request.body(), fields.get("Content-Type")).bytes(Integer.MAX_VALUE));
		String method = request.headers().getOrDefault(HttpProtocol.METHOD, request.body().isEmpty() ? "GET" : "POST");
		this.keepAlive = false;
		this.written = false;
		this.answered = false;
		this.repeatable = false;
		this.body = null;
		this.parser.expectResponseTo(method);
		HttpSending sent = sending(request, method, fields, content);
		this.sending = sent;
		this.connection.armRequest();
		try {
			sent.start(content.length() == PipeBody.UNKNOWN_LENGTH || content.length() > SMALL_BYTES);
			HttpResponseHead head = receiveFinalHead(sent);
			if (head.status() == EXPECTATION_FAILED && !this.failuresAsReplies && sent.takeBack()) {
				// RFC 9110, 10.1.1: sent again without the expectation.
				this.expectationRefused.set(true);
				this.repeatable = true;
			}
			this.keepAlive = head.keepAlive();
			return head;
		}
		catch (PipeException ex) {
			if (!this.connection.deadline().isExpired()) {
				sent.rethrow();
			}
			this.repeatable = !this.answered && !once
					&& (ex instanceof PipeNoReplyException || ex instanceof PipeResetException)
					&& (!this.written || IDEMPOTENT.contains(method));
			throw ex;
		}
	}

	private HttpSending sending(PipeRequest request, String method, HttpHeaders fields, PipeBody content) {
		String query = request.headers().get(HttpProtocol.QUERY);
		String path = request.headers().get(HttpProtocol.PATH);
		String target = ((path != null) ? "/" + path : HttpFields.path(request.route()))
				+ ((query != null) ? "?" + query : "");
		fields.setIfAbsent("Host", "pipe");
		HttpFields.setContentType(fields, request.body());
		boolean expecting = !this.expectationRefused.get() && content.isStream()
				&& (content.length() == PipeBody.UNKNOWN_LENGTH || content.length() >= EXPECT_BYTES);
		if (expecting) {
			fields.add("Expect", "100-continue");
		}
		boolean bodiless = request.body().isEmpty() && !method.equals("POST") && !method.equals("PUT");
		return new HttpSending(this.connection, this.output, content,
				(encoder, length) -> encoder.request(method, target, fields, bodiless ? HttpFraming.NONE : length),
				expecting);
	}

	private HttpResponseHead receiveFinalHead(HttpSending sent) {
		HttpResponseHead head = receiveHead();
		while (head.isInterim()) {
			if (head.status() == 100) {
				sent.proceed();
			}
			head = receiveHead();
		}
		if (head.status() < 400) {
			sent.proceed();
		}
		return head;
	}

	private HttpResponseHead receiveHead() {
		while (true) {
			HttpResponseHead head = parse(this.input.available());
			if (head != null) {
				return head;
			}
			if (!this.input.receive(this.connection.progressChannel()::read)) {
				throw this.parser.isWithinHead() ? cut() : new PipeNoReplyException(
						"The server closed the connection without a reply; its log may say why");
			}
			this.answered = true;
		}
	}

	// A child process that prints to its standard output is seen here.
	private @Nullable HttpResponseHead parse(ByteBuffer bytes) {
		boolean first = !this.parser.isWithinHead();
		ByteBuffer begin = bytes.slice().limit(Math.min(MAX_QUOTED, bytes.remaining()));
		HttpResponseHead head = null;
		try {
			head = this.parser.parse(bytes);
		}
		catch (HttpException ex) {
			requireHttp(first, begin, ": " + ex.getMessage());
			throw ex;
		}
		if (head == null && this.parser.isWithinHead()) {
			requireHttp(first, begin, "");
		}
		return head;
	}

	private static void requireHttp(boolean first, ByteBuffer begin, String reason) {
		String text = StandardCharsets.UTF_8.decode(begin).toString();
		String line = text.stripLeading();
		if (first && !line.startsWith("HTTP/") && !"HTTP/".startsWith(line)) {
			throw new PipeProtocolException(
					"The reply is not HTTP, but begins with '%s'%s".formatted(LogText.of(text), reason));
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
		String declared = head.headers().get("Content-Length");
		if (declared != null) {
			headers.put(HttpProtocol.CONTENT_LENGTH, declared);
		}
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

	private static PipeRemoteException refusal(HttpResponseHead head, InputStream stream) throws IOException {
		String type = head.headers().get("Content-Type");
		String content = new String(stream.readNBytes(SMALL_BYTES), StandardCharsets.UTF_8);
		boolean problem = type != null && type.toLowerCase(Locale.ROOT).startsWith(HttpProblem.MEDIA_TYPE);
		return HttpProblem.read(head.status(), problem ? content : "");
	}

	private static PipeResetException cut() {
		return new PipeResetException("The server closed the connection within its reply");
	}

	// No time runs while the reader of the reply does something else.
	private int receiveBody(ByteBuffer destination) {
		this.connection.armRequest();
		try {
			int count = this.connection.channel().read(destination);
			this.connection.deadline().disarm();
			if (count < 0) {
				throw cut();
			}
			return count;
		}
		catch (PipeException ex) {
			throw this.connection.translate(ex);
		}
	}

	private void write(ByteBuffer slice) {
		int begin = slice.position();
		try {
			this.connection.write(slice);
		}
		finally {
			this.written |= slice.position() > begin;
		}
	}

	private void released() {
		if (!isReusable()) {
			close();
		}
	}

	@Override
	public boolean isReusable() {
		HttpBodyStream stream = this.body;
		HttpSending sent = this.sending;
		return this.keepAlive && (stream == null || stream.isComplete()) && !this.input.available().hasRemaining()
				&& this.connection.channel().isOpen() && (sent == null || sent.isWhole());
	}

	@Override
	public boolean isRepeatable() {
		return this.repeatable;
	}

	@Override
	public void close() {
		HttpSending sent = this.sending;
		if (sent != null) {
			sent.cancel();
		}
		this.connection.close();
	}

}
