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

package io.namedpipe.handler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.springframework.context.ApplicationContext;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends requests as they are, and gets the replies as they are.
 */
final class RawHttp {

	private RawHttp() {
	}

	/**
	 * Send a request.
	 * @param context has the transport
	 * @param request the request line without the version, and fields, a line each
	 * @return the reply
	 */
	static Reply call(ApplicationContext context, String request) {
		return call(context, request, new byte[0]);
	}

	static Reply post(ApplicationContext context, String target, String contentType, String body) {
		return call(context, "POST " + target + (contentType.isEmpty() ? "" : "\nContent-Type: " + contentType),
				body.getBytes(StandardCharsets.UTF_8));
	}

	static Reply call(ApplicationContext context, String request, byte[] body) {
		String[] lines = request.split("\n");
		String head = lines[0] + " HTTP/1.1\r\nHost: pipe\r\nConnection: close\r\n"
				+ Arrays.stream(lines).skip(1).map((line) -> line + "\r\n").collect(Collectors.joining())
				+ ((body.length > 0) ? "Content-Length: " + body.length + "\r\n" : "") + "\r\n";
		try (PipeChannel channel = context.getBean(PipeTransport.class)
			.connect(PipeAddress.of("files"), PipeClientOptions.defaults())) {
			// At once: a server that refuses the head may close before the body is
			// written.
			byte[] fields = head.getBytes(StandardCharsets.ISO_8859_1);
			channel.write(ByteBuffer.allocate(fields.length + body.length).put(fields).put(body).flip());
			String answer = new String(channel.inputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			int end = answer.indexOf("\r\n\r\n");
			assertThat(end).as("end of the head in '%s'", answer).isPositive();
			return new Reply(answer.substring(0, end), answer.substring(end + 4));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * A reply.
	 *
	 * @param head the status line and the fields
	 * @param body the body, a byte in each character, chunked if the head says so
	 */
	record Reply(String head, String body) {

		int status() {
			return Integer.parseInt(this.head.substring(9, 12));
		}

		String field(String name) {
			return this.head.lines()
				.filter((line) -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
				.map((line) -> line.substring(name.length() + 2))
				.collect(Collectors.joining("|"));
		}

		String text() {
			return new String(this.body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
		}

	}

}
