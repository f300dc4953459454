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

package io.namedpipe.protocol.chunked;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.transport.PipeChannel;

/**
 * A head is a string, a body is a sequence of chunks: two bytes with the length, and so
 * many bytes; the last one is empty.
 */
final class ChunkedCodec {

	private final DataInputStream input;

	private final DataOutputStream output;

	ChunkedCodec(PipeChannel channel) {
		this.input = new DataInputStream(new BufferedInputStream(channel.inputStream()));
		this.output = new DataOutputStream(channel.outputStream());
	}

	@Nullable String readHead() throws IOException {
		try {
			return this.input.readUTF();
		}
		catch (EOFException ex) {
			return null;
		}
	}

	void writeHead(String head) throws IOException {
		this.output.writeUTF(head);
	}

	void writeBody(PipeBody body) throws IOException {
		byte[] chunk = new byte[0xffff];
		InputStream content = body.stream();
		int count;
		while ((count = content.read(chunk)) > 0) {
			this.output.writeShort(count);
			this.output.write(chunk, 0, count);
		}
		this.output.writeShort(0);
	}

	InputStream readBody() {
		return new InputStream() {

			private int left = -1;

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				if (this.left < 0) {
					this.left = ChunkedCodec.this.input.readUnsignedShort();
				}
				if (this.left == 0) {
					return -1;
				}
				int count = ChunkedCodec.this.input.read(target, offset, Math.min(length, this.left));
				if (count < 0) {
					throw new EOFException("The body is cut");
				}
				this.left -= count;
				if (this.left == 0) {
					this.left = ChunkedCodec.this.input.readUnsignedShort();
				}
				return count;
			}

			@Override
			public void close() throws IOException {
				transferTo(OutputStream.nullOutputStream());
			}

		};
	}

}
