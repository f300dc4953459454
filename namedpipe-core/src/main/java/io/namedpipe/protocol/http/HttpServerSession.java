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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Serves one request after the other. Requests that are sent ahead wait in the connection
 * until those before them are answered.
 */
final class HttpServerSession implements ServerSession, PipeExchange.Responder {

	/**
	 * How much of a reply of unknown length is collected for HTTP/1.0, which has no
	 * chunks.
	 */
	private static final int COLLECTED_BYTES = 64 * 1024;

	private static final PipeFailure LATE_BODY = new PipeFailure(Code.TIMEOUT, "the body did not arrive in time",
			Map.of(HttpProtocol.STATUS, "408"), Map.of());

	private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private final ServerConnection connection;

	private final HttpServerLimits limits;

	/** What the session waits for; taken by its own thread or by that of a time-out. */
	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);

	private final HttpRequestParser parser;

	private final HttpInput input = new HttpInput();

	private final HttpOutput output = new HttpOutput(this::write, this::write);

	private @Nullable HttpRequestHead head;

	private @Nullable HttpBodyStream body;

	private volatile boolean continueExpected;

	private volatile boolean replying;

	private volatile boolean receiving;

	/** Whether the client was told that the connection ends. */
	private boolean last;

	private long handlingSince;

	HttpServerSession(ServerConnection connection, HttpServerLimits limits) {
		this.connection = connection;
		this.limits = limits;
		this.parser = new HttpRequestParser(limits.messages());
		connection.setTimeoutAnswer(this::timedOut);
	}

	@Override
	public void run(ExchangeHandler handler) {
		HttpRequestHead next;
		do {
			next = readHead();
		}
		while (next != null && serve(next, handler));
	}

	@Override
	public void refuse(PipeFailure failure) {
		this.last = true;
		respond(HttpProblem.of(failure));
	}

	private @Nullable HttpRequestHead readHead() {
		boolean first = this.head == null;
		this.connection.deadline()
			.arm("Waiting for a request", first ? this.connection.timeouts().read() : this.connection.timeouts().idle(),
					first ? "read-timeout" : "idle-timeout");
		try {
			return receiveHead();
		}
		catch (HttpException ex) {
			refuse(ex);
			throw ex;
		}
	}

	private @Nullable HttpRequestHead receiveHead() {
		boolean arriving = false;
		while (true) {
			HttpRequestHead received = this.parser.parse(this.input.available());
			if (!arriving && (received != null || this.parser.isWithinHead())) {
				arriving = true;
				this.phase.set(Phase.HEAD);
				this.connection.requestArrives();
				this.connection.deadline()
					.arm("Receiving the head of a request", this.connection.timeouts().read(), "read-timeout");
			}
			if (received != null) {
				advance(Phase.HEAD, Phase.EXCHANGE);
				return received;
			}
			if (!this.input.receive(this.connection.channel()::read)) {
				this.parser.end();
				return null;
			}
		}
	}

	private void advance(Phase from, Phase to) {
		if (!this.phase.compareAndSet(from, to)) {
			throw this.connection.translate(new PipeClosedException("The time for the request is over"));
		}
	}

	/**
	 * Tell the client that its time, or the handler's, is over. Does nothing while the
	 * connection is idle or a reply is on its way.
	 */
	private void timedOut() {
		if (this.phase.compareAndSet(Phase.HEAD, Phase.OVER)) {
			refuse(new HttpException(408, this.connection.deadline().message()));
		}
		PipeFailure failure = this.receiving ? LATE_BODY
				: new PipeFailure(Code.TIMEOUT, "the request was not handled in time");
		this.connection.exchangesInFlight().forEach((exchange) -> exchange.fail(failure));
	}

	// Nothing is read from the client after this.
	private void refuse(HttpException refusal) {
		this.last = true;
		this.head = null;
		try {
			respond(HttpProblem.of(refusal));
		}
		catch (PipeException ex) {
			refusal.addSuppressed(ex);
		}
	}

	private boolean serve(HttpRequestHead next, ExchangeHandler handler) {
		BodyRate rate = new BodyRate(this.limits.minBodyRate());
		HttpBodyStream stream = new HttpBodyStream(this.input, decoder(next), (target) -> receiveBody(target, rate),
				() -> {
				});
		this.head = next;
		this.body = stream;
		this.continueExpected = next.expectsContinue();
		this.replying = false;
		this.receiving = false;
		this.input.expect(next.bodyLength());
		this.output.begin();
		this.handlingSince = System.nanoTime();
		this.connection.exchange(handler, request(next, stream), this);
		// A client that was not told to continue may have sent the body, or not.
		boolean finished = (!this.continueExpected || stream.isComplete()) && stream.finish(this.limits.drainedBytes());
		advance(Phase.EXCHANGE, Phase.IDLE);
		return finished && !this.last && !this.connection.isStopping();
	}

	private HttpBodyDecoder decoder(HttpRequestHead next) {
		try {
			return new HttpBodyDecoder(next.bodyLength(), this.limits.messages());
		}
		catch (HttpException ex) {
			refuse(ex);
			throw ex;
		}
	}

	private static PipeRequest request(HttpRequestHead head, HttpBodyStream stream) {
		Map<String, String> headers = HttpFields.toHeaders(head.headers());
		headers.put(HttpProtocol.METHOD, head.method());
		if (head.query() != null) {
			headers.put(HttpProtocol.QUERY, head.query());
		}
		String path = head.path().substring(1);
		if (path.indexOf('%') >= 0) {
			headers.put(HttpProtocol.PATH, path);
		}
		long length = (head.bodyLength() != HttpFraming.CHUNKED) ? head.bodyLength() : PipeBody.UNKNOWN_LENGTH;
		PipeBody body = (length == 0) ? PipeBody.empty() : PipeBody.of(stream, length, "The body of the request");
		return new PipeRequest(HttpUris.decode(path), headers, body);
	}

	// The handler's time begins again with each part that it takes.
	private int receiveBody(ByteBuffer destination, BodyRate rate) {
		if (this.continueExpected && this.output.writeInterim(ByteBuffer.wrap(CONTINUE))) {
			this.continueExpected = false;
		}
		long start = System.nanoTime();
		this.connection.deadline()
			.arm("Receiving the body of a request", this.connection.timeouts().read(), "read-timeout");
		this.receiving = true;
		try {
			int count = this.connection.channel().read(destination);
			this.receiving = false;
			this.handlingSince = System.nanoTime();
			rate.received(count, this.handlingSince - start);
			armHandling();
			return count;
		}
		catch (PipeException ex) {
			throw this.connection.translate(ex);
		}
	}

	private void armHandling() {
		Duration limit = this.connection.timeouts().request();
		if (!limit.isZero() && !this.replying) {
			Duration rest = limit.minusNanos(System.nanoTime() - this.handlingSince);
			limit = (rest.toMillis() > 0) ? rest : Duration.ofMillis(1);
		}
		this.connection.deadline().arm("Handling the request", limit, "request-timeout");
	}

	@Override
	public void reply(PipeReply reply) throws IOException {
		HttpHeaders fields = HttpFields.toFields(reply.headers());
		PipeBody content = HttpFields.encoded(reply.body(), fields.get("Content-Type"));
		HttpFields.setContentType(fields, content);
		if (content.isStream() && content.stream() instanceof OpenedFile file) {
			HttpFields.setValidators(fields, file);
		}
		HttpRequestHead request = this.head;
		String named = reply.headers().get(HttpProtocol.STATUS);
		int status = (named != null) ? HttpFields.status(named) : reply.body().isEmpty() ? 204 : 200;
		HttpSelection selection = (request != null && status == 200 && fields.get("ETag") != null)
				? HttpSelection.of(request, fields, content) : new HttpSelection(status, content);
		respond(selection.status(), fields, selection.content());
	}

	@Override
	public void fail(PipeFailure failure) {
		PipeException broken = (this.body != null) ? this.body.failure() : null;
		if (broken instanceof HttpException refusal) {
			respond(HttpProblem.of(refusal));
		}
		else {
			respond(HttpProblem.of((broken instanceof PipeTimeoutException) ? LATE_BODY : failure));
		}
	}

	private void respond(HttpProblem problem) {
		try {
			respond(problem.status(), problem.fields(), PipeBody.of(problem.json()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void respond(int status, HttpHeaders fields, PipeBody content) throws IOException {
		boolean bodiless = status == 204 || status == 304;
		if (bodiless && !content.isEmpty()) {
			throw new IllegalArgumentException("A response of status %d has a body".formatted(status));
		}
		PipeBody sent = sendable(content);
		this.replying = true;
		try {
			send(sent, (encoder, length) -> {
				boolean ended = length != HttpFraming.CHUNKED || chunks();
				addConnection(fields, ended);
				fields.setIfAbsent("Date", HttpDates.now());
				encoder.response(status, HttpProblem.reason(status), fields,
						bodiless ? HttpFraming.NONE : ended ? length : HttpFraming.TO_END);
			});
		}
		catch (IOException | RuntimeException | Error ex) {
			if (this.output.isBegun()) {
				// A reply that has begun cannot become a failure, and must not look
				// complete.
				this.connection.channel().close();
			}
			this.output.reset();
			throw ex;
		}
	}

	private void send(PipeBody content, HttpOutput.Head headWriter) throws IOException {
		if (this.head != null && this.head.method().equals("HEAD")) {
			this.output.sendHead(content, headWriter);
		}
		else {
			this.output.send(content, headWriter);
		}
	}

	private boolean chunks() {
		return this.head == null || this.head.minorVersion() > 0;
	}

	// With a length, if it is small, unless chunks will do.
	private PipeBody sendable(PipeBody content) throws IOException {
		if (chunks() || !content.isStream() || content.length() != PipeBody.UNKNOWN_LENGTH) {
			return content;
		}
		InputStream stream = content.stream();
		byte[] begin = stream.readNBytes(COLLECTED_BYTES);
		return (begin.length < COLLECTED_BYTES) ? PipeBody.of(begin)
				: PipeBody.of(new SequenceInputStream(new ByteArrayInputStream(begin), stream), PipeBody.UNKNOWN_LENGTH,
						content.description());
	}

	// If the body has no end of its own, it ends with the connection.
	private void addConnection(HttpHeaders fields, boolean ended) {
		HttpRequestHead request = this.head;
		HttpBodyStream stream = this.body;
		if (request != null && stream != null) {
			boolean unknown = stream.failure() != null || this.connection.deadline().isExpired()
					|| (this.continueExpected && !stream.isComplete());
			this.last = unknown || !ended || !request.keepAlive() || this.connection.isStopping();
		}
		if (this.last) {
			fields.set("Connection", "close");
		}
		else if (request != null && request.minorVersion() == 0) {
			fields.set("Connection", "keep-alive");
		}
	}

	private void write(ByteBuffer slice) {
		this.connection.write("Sending the reply", slice);
		armHandling();
	}

	private long write(OpenedFile file, long count) throws IOException {
		long written = this.connection.write("Sending the reply", file, count);
		armHandling();
		return written;
	}

	private enum Phase {

		IDLE, HEAD, EXCHANGE, OVER

	}

}
