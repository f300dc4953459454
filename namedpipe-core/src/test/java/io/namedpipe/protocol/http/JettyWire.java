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
import java.util.List;
import java.util.Locale;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.LoggerFactory;

/**
 * What Jetty's parser, at its strictest, makes of the bytes of a connection.
 */
final class JettyWire implements HttpParser.RequestHandler {

	static {
		// It logs each step, and there are many.
		((Logger) LoggerFactory.getLogger("org.eclipse.jetty")).setLevel(Level.OFF);
	}

	private final HttpParser parser = new HttpParser(this, 16 * 1024, HttpCompliance.STRICT);

	private final List<String> messages = new ArrayList<>();

	private final StringBuilder head = new StringBuilder();

	private final StringBuilder body = new StringBuilder();

	private final StringBuilder trailers = new StringBuilder();

	private boolean failed;

	private boolean complete;

	JettyWire() {
		this.parser.setHeaderCacheCaseSensitive(true);
	}

	/**
	 * Read requests.
	 * @param bytes the bytes, then the end of the stream
	 * @return the messages that are complete, as {@link #text} has them
	 */
	static List<String> requests(byte[] bytes) {
		JettyWire wire = new JettyWire();
		wire.read(ByteBuffer.wrap(bytes));
		return wire.messages;
	}

	/**
	 * What our parser has of a message, in the form that is compared.
	 * @param message the message
	 * @return the text
	 */
	static String text(HttpWire.Message message) {
		HttpRequestHead head = (HttpRequestHead) message.head;
		StringBuilder fields = new StringBuilder();
		for (int i = 0; i < head.headers().size(); i++) {
			append(fields, head.headers().name(i), head.headers().value(i));
		}
		return head.method() + " " + head.target() + " HTTP/1." + head.minorVersion() + "\n" + fields + "\n"
				+ message.body + "\n" + message.trailers.toLowerCase(Locale.ROOT);
	}

	// Jetty gives some names in another spelling than they were sent in.
	private static void append(StringBuilder fields, String name, String value) {
		fields.append(name.toLowerCase(Locale.ROOT)).append(": ").append(value).append('\n');
	}

	private void read(ByteBuffer in) {
		boolean ended = false;
		while (!this.failed) {
			this.parser.parseNext(in);
			if (this.complete) {
				this.complete = false;
				this.parser.reset();
			}
			else if (!in.hasRemaining()) {
				if (ended) {
					return;
				}
				this.parser.atEOF();
				in = BufferUtil.EMPTY_BUFFER;
				ended = true;
			}
		}
	}

	@Override
	public void startRequest(String method, String uri, HttpVersion version) {
		this.head.setLength(0);
		this.body.setLength(0);
		this.trailers.setLength(0);
		this.head.append(method).append(' ').append(uri).append(' ').append(version.asString()).append('\n');
	}

	@Override
	public void parsedHeader(HttpField field) {
		append(this.head, field);
	}

	@Override
	public void parsedTrailer(HttpField field) {
		append(this.trailers, field);
	}

	private static void append(StringBuilder fields, HttpField field) {
		append(fields, field.getName(), (field.getValue() != null) ? field.getValue() : "");
	}

	@Override
	public boolean headerComplete() {
		return false;
	}

	@Override
	public boolean content(ByteBuffer item) {
		this.body.append(StandardCharsets.ISO_8859_1.decode(item));
		return false;
	}

	@Override
	public boolean contentComplete() {
		return false;
	}

	@Override
	public boolean messageComplete() {
		this.messages.add(this.head + "\n" + this.body + "\n" + this.trailers.toString().toLowerCase(Locale.ROOT));
		this.complete = true;
		return true;
	}

	@Override
	public void badMessage(org.eclipse.jetty.http.HttpException failure) {
		this.failed = true;
	}

	@Override
	public void earlyEOF() {
		this.failed = true;
	}

}
