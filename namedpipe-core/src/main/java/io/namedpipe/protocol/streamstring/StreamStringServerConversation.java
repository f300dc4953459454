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

package io.namedpipe.protocol.streamstring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.transport.PipeChannel;

/**
 * Greets, takes one name, sends one text.
 */
final class StreamStringServerConversation implements ServerConversation {

	private final PipeChannel channel;

	private final ByteBuffer greeting;

	private boolean over;

	StreamStringServerConversation(PipeChannel channel, ByteBuffer greeting) {
		this.channel = channel;
		this.greeting = greeting;
	}

	@Override
	public void open() {
		this.channel.write(this.greeting);
	}

	@Override
	public @Nullable PipeRequest next() {
		if (this.over) {
			return null;
		}
		this.over = true;
		String text = new StreamStringReader(this.channel).read();
		return (text != null) ? PipeRequest.of(text) : null;
	}

	@Override
	public void reply(PipeReply reply) {
		this.channel.write(StreamStringCodec.encode(text(reply)));
	}

	private static String text(PipeReply reply) {
		if (reply instanceof PipeReply.Text text) {
			return text.text();
		}
		if (reply instanceof PipeReply.Bytes bytes) {
			return read(new ByteArrayInputStream(bytes.bytes()), "The reply");
		}
		if (reply instanceof PipeReply.Content content) {
			return read(content.content(), content.description());
		}
		return "";
	}

	private static String read(InputStream content, String description) {
		try (content) {
			return TextContent.read(content, description);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void fail(PipeFailure failure) {
		// The documented example knows no error: the client finds the end of the stream.
		this.channel.close();
	}

}
