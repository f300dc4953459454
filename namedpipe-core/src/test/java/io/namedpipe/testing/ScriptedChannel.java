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

package io.namedpipe.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * A channel whose reads deliver prepared pieces, and then the end of the stream; what is
 * written is kept.
 */
public class ScriptedChannel implements PipeChannel {

	private final Deque<ByteBuffer> pieces = new ArrayDeque<>();

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private final AtomicInteger closes = new AtomicInteger();

	public ScriptedChannel(ByteBuffer... pieces) {
		for (ByteBuffer piece : pieces) {
			this.pieces.add(piece.duplicate());
		}
	}

	/**
	 * A channel that delivers one byte at a time.
	 */
	public static ScriptedChannel byteByByte(ByteBuffer content) {
		ByteBuffer[] pieces = new ByteBuffer[content.remaining()];
		for (int i = 0; i < pieces.length; i++) {
			pieces[i] = content.slice(content.position() + i, 1);
		}
		return new ScriptedChannel(pieces);
	}

	@Override
	public int read(ByteBuffer destination) {
		while (!this.pieces.isEmpty() && !this.pieces.peek().hasRemaining()) {
			this.pieces.remove();
		}
		ByteBuffer piece = this.pieces.peek();
		if (piece == null) {
			return -1;
		}
		int count = Math.min(piece.remaining(), destination.remaining());
		destination.put(piece.slice(piece.position(), count));
		piece.position(piece.position() + count);
		return count;
	}

	@Override
	public void write(ByteBuffer source) {
		byte[] bytes = new byte[source.remaining()];
		source.get(bytes);
		this.written.writeBytes(bytes);
	}

	public byte[] written() {
		return this.written.toByteArray();
	}

	public int closes() {
		return this.closes.get();
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void shutdownOutput() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isOpen() {
		return this.closes.get() == 0;
	}

	@Override
	public PeerIdentity peer() {
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, "1234").name("tester").build();
	}

	@Override
	public Impersonation impersonation() {
		throw new PipeUnsupportedException("Not in this test");
	}

	@Override
	public void close() {
		this.closes.incrementAndGet();
	}

}
