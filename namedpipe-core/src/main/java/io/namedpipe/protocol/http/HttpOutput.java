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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.transport.OpenedFile;

/**
 * Sends messages. A head and a small body go out in one piece, a large one in slices, and
 * a stream as it comes.
 */
final class HttpOutput {

	// The JDK copies a heap buffer into a direct one of the same size, and keeps that for
	// the thread.
	private static final int SLICE_BYTES = 64 * 1024;

	private static final int GATHERED_BYTES = 8 * 1024;

	/** The number of bytes that the kernel copies at once. */
	private static final int COPIED_BYTES = 256 * 1024;

	private final Consumer<ByteBuffer> sink;

	private final FileSink files;

	private final ReentrantLock lock = new ReentrantLock();

	private HttpEncoder encoder = new HttpEncoder();

	private @Nullable TextEncoder texts;

	private byte @Nullable [] copy;

	private volatile boolean begun;

	/**
	 * Create the output.
	 * @param sink writes a slice
	 * @param files writes a part of a file, if it can
	 */
	HttpOutput(Consumer<ByteBuffer> sink, FileSink files) {
		this.sink = sink;
		this.files = files;
	}

	/**
	 * Forget what was not written of a message that failed.
	 */
	void reset() {
		this.encoder = new HttpEncoder();
	}

	/**
	 * Tell that a new message begins.
	 */
	void begin() {
		this.begun = false;
	}

	/**
	 * Whether a part of the message was written.
	 * @return {@code true} if it cannot be taken back
	 */
	boolean isBegun() {
		return this.begun;
	}

	/**
	 * Write an interim response, if the response itself has not begun.
	 * @param interim the response
	 * @return whether it was written
	 */
	boolean writeInterim(ByteBuffer interim) {
		this.lock.lock();
		try {
			if (!this.begun) {
				this.sink.accept(interim);
			}
			return !this.begun;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Send a message.
	 * @param body the body, bytes or a stream
	 * @param head writes the head when the first part of the body is known
	 * @throws IOException if the body cannot be read
	 */
	void send(PipeBody body, Head head) throws IOException {
		begin();
		PipeBody.Writer writer = body.writer();
		if (writer != null) {
			Written written = new Written(head);
			writer.writeTo(written);
			written.end();
		}
		else if (body.isStream()) {
			InputStream stream = body.stream();
			ByteBuffer part = next(stream, body.length());
			head.write(this.encoder, length(body));
			sendParts(part, stream, body.length());
		}
		else {
			ByteBuffer bytes = whole(body);
			head.write(this.encoder, bytes.remaining());
			append(bytes);
		}
		end();
	}

	private ByteBuffer whole(PipeBody body) throws IOException {
		String text = body.text();
		if (text == null) {
			return ByteBuffer.wrap(body.bytes(Integer.MAX_VALUE));
		}
		if (this.texts == null) {
			this.texts = new TextEncoder();
		}
		return this.texts.encode(text);
	}

	private static long length(PipeBody body) {
		return (body.length() != PipeBody.UNKNOWN_LENGTH) ? body.length() : HttpFraming.CHUNKED;
	}

	/**
	 * Send a message whose body follows when the peer wants it.
	 * @param body the body
	 * @param head writes the head
	 * @param permission waits until the body may be sent
	 * @throws IOException if the body cannot be read, or may not be sent
	 */
	void send(PipeBody body, Head head, Permission permission) throws IOException {
		begin();
		head.write(this.encoder, length(body));
		flush();
		permission.await();
		InputStream stream = body.stream();
		sendParts(next(stream, body.length()), stream, body.length());
		end();
	}

	private void sendParts(@Nullable ByteBuffer first, InputStream stream, long length) throws IOException {
		long count = 0;
		for (ByteBuffer part = first; part != null; part = next(stream, length - count)) {
			count += part.remaining();
			append(part);
			if (count != length) {
				flush();
				count += copied(stream, length - count);
			}
		}
	}

	// A file of a known length goes from the file to the socket, where that is possible.
	private long copied(InputStream stream, long length) throws IOException {
		if (!(stream instanceof OpenedFile file)) {
			return 0;
		}
		long total = 0;
		while (length - total >= SLICE_BYTES) {
			long count = this.files.write(file, Math.min(length - total, COPIED_BYTES));
			if (count <= 0) {
				return total;
			}
			this.encoder.announce(count);
			total += count;
		}
		return total;
	}

	/**
	 * Send a message without its body, which stays as it is.
	 * @param body the body
	 * @param head writes the head
	 * @throws IOException if the body cannot be read
	 */
	void sendHead(PipeBody body, Head head) throws IOException {
		begin();
		boolean known = body.length() != PipeBody.UNKNOWN_LENGTH;
		// Without the body, the client does not see how it is framed.
		head.write(this.encoder,
				(body.text() != null) ? whole(body).remaining() : known ? body.length() : HttpFraming.TO_END);
		this.encoder.omitBody();
		end();
	}

	private void end() {
		this.encoder.end();
		flush();
	}

	// A file may have grown since its length was told.
	private @Nullable ByteBuffer next(InputStream stream, long left) throws IOException {
		int most = (left >= 0 && stream instanceof OpenedFile) ? (int) Math.min(left, SLICE_BYTES) : SLICE_BYTES;
		if (most == 0) {
			return null;
		}
		byte[] target = this.copy;
		if (target == null) {
			target = new byte[SLICE_BYTES];
			this.copy = target;
		}
		int count;
		do {
			count = stream.read(target, 0, most);
		}
		while (count == 0);
		return (count > 0) ? ByteBuffer.wrap(target, 0, count) : null;
	}

	private void append(ByteBuffer part) {
		if (part.remaining() <= GATHERED_BYTES) {
			this.encoder.body(part);
		}
		else {
			this.encoder.announce(part.remaining());
			flush();
			write(part);
		}
	}

	private void flush() {
		write(this.encoder.take());
	}

	private void write(ByteBuffer content) {
		this.lock.lock();
		try {
			while (content.hasRemaining()) {
				this.begun = true;
				int count = Math.min(content.remaining(), SLICE_BYTES);
				this.sink.accept(content.slice(content.position(), count));
				content.position(content.position() + count);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Sends what is written, in slices. The head is sent with the first slice, so that
	 * the failure of a writer before that can still be answered, and a small body has a
	 * length.
	 */
	private final class Written extends OutputStream {

		private final Head head;

		private final byte[] slice = new byte[SLICE_BYTES];

		private int count;

		private boolean headBegun;

		Written(Head head) {
			this.head = head;
		}

		@Override
		public void write(int value) {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] source, int offset, int length) {
			Objects.checkFromIndexSize(offset, length, source.length);
			for (int done = 0; done < length;) {
				int part = Math.min(length - done, this.slice.length - this.count);
				System.arraycopy(source, offset + done, this.slice, this.count, part);
				this.count += part;
				done += part;
				if (this.count == this.slice.length) {
					flush();
				}
			}
		}

		@Override
		public void flush() {
			append();
			beginHead(HttpFraming.CHUNKED);
			HttpOutput.this.flush();
		}

		void end() {
			beginHead(this.count);
			append();
		}

		private void append() {
			if (this.count > 0) {
				beginHead(HttpFraming.CHUNKED);
				HttpOutput.this.append(ByteBuffer.wrap(this.slice, 0, this.count));
				this.count = 0;
			}
		}

		private void beginHead(long length) {
			if (!this.headBegun) {
				this.headBegun = true;
				this.head.write(HttpOutput.this.encoder, length);
			}
		}

	}

	/**
	 * Writes the head of a message.
	 */
	@FunctionalInterface
	interface Head {

		/**
		 * Write the head.
		 * @param encoder where it goes
		 * @param length the length of the body, {@link HttpFraming#CHUNKED}, or
		 * {@link HttpFraming#TO_END} if it is not known and the body is not sent
		 */
		void write(HttpEncoder encoder, long length);

	}

	/**
	 * Waits until a body may be sent.
	 */
	@FunctionalInterface
	interface Permission {

		void await() throws IOException;

	}

	/**
	 * Writes parts of files.
	 */
	@FunctionalInterface
	interface FileSink {

		/** Writes no file, so that all are read. */
		FileSink NONE = (file, count) -> -1;

		/**
		 * Write a part of a file.
		 * @param file the file
		 * @param count how many bytes at most
		 * @return how many were written, 0 at the end of the file; negative if it has to
		 * be read
		 * @throws IOException if it cannot be read
		 */
		long write(OpenedFile file, long count) throws IOException;

	}

}
