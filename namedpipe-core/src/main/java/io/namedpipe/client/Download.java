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

package io.namedpipe.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeException;

/**
 * Fetches a file: into a {@link PartialFile}, whose length is checked and which then
 * takes the place of the target. The target is never a part of a file.
 */
final class Download {

	private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

	private static final int BUFFER_BYTES = 64 * 1024;

	private final Path target;

	private final String request;

	private final PipeProgressListener listener;

	/**
	 * Create a download.
	 * @param target the file to write
	 * @param request what is requested, as a text that no other request has
	 * @param listener the listener, {@code null} if there is none
	 */
	Download(Path target, String request, @Nullable PipeProgressListener listener) {
		this.target = target;
		this.request = request;
		this.listener = (listener != null) ? listener : (bytes, total, rate) -> {
		};
	}

	/**
	 * Fetch the file.
	 * @param resume whether to go on with what an earlier attempt has left
	 * @param exchange sends the request with further headers
	 * @throws IOException if a file cannot be written
	 * @throws PipeException if the request fails or the content breaks off
	 */
	void run(boolean resume, Function<Map<String, String>, PipeReply> exchange) throws IOException {
		requireTarget();
		try (PartialFile begun = resume ? PartialFile.find(this.target, this.request) : null) {
			fetch(begun, exchange);
		}
		catch (ClosedByInterruptException ex) {
			throw new PipeException("The download to '%s' was interrupted".formatted(this.target), ex);
		}
	}

	private void fetch(@Nullable PartialFile begun, Function<Map<String, String>, PipeReply> exchange)
			throws IOException {
		Map<String, String> range = (begun != null)
				? Map.of("range", "bytes=%d-".formatted(begun.position()), "if-range", begun.tag()) : Map.of();
		PipeReply reply = PayloadConversion.requireFile(exchange.apply(range));
		try (PipeBody body = reply.body()) {
			long length = body.isStream() ? body.length() : body.bytes(PayloadConversion.MAX_BYTES).length;
			receive(body.stream(), reply.headers(), length, begun);
		}
	}

	// Before anything is transferred.
	private void requireTarget() throws IOException {
		Path folder = this.target.toAbsolutePath().getParent();
		if (folder == null || Files.isDirectory(this.target)) {
			throw new FileSystemException(this.target.toString(), null, "the target is a folder; name a file in it");
		}
		if (Files.exists(this.target) && !Files.isRegularFile(this.target)) {
			// Such as /dev/null, which the move would replace.
			throw new FileSystemException(this.target.toString(), null,
					"the target is a device, a pipe or a socket, and is not replaced by a file");
		}
		if (!Files.isDirectory(folder)) {
			throw new NoSuchFileException(folder.toString(), null,
					"the folder of the target does not exist; create it");
		}
	}

	private void receive(InputStream content, Map<String, String> headers, long length, @Nullable PartialFile begun)
			throws IOException {
		String tag = headers.getOrDefault("etag", "");
		tag = tag.startsWith("\"") ? tag : "";
		if ("206".equals(headers.get(HttpProtocol.STATUS))) {
			requireRest(headers, tag, begun);
		}
		else if (begun != null) {
			if (!begun.tag().equals(tag)) {
				throw changed();
			}
			begun.close();
			begun = null;
		}
		try (PartialFile file = (begun != null) ? begun : PartialFile.create(this.target, this.request, tag, length)) {
			write(content, file, (begun != null) ? begun.position() : 0);
			file.moveTo(this.target, this.request);
		}
	}

	private void requireRest(Map<String, String> headers, String tag, @Nullable PartialFile begun) throws IOException {
		Matcher range = CONTENT_RANGE.matcher(headers.getOrDefault("content-range", ""));
		if (begun == null || !range.matches() || Long.parseLong(range.group(1)) != begun.position()
				|| Long.parseLong(range.group(2)) != begun.total() - 1) {
			throw new PipeProtocolException(
					"The server has sent another part of the file than the one that is missing");
		}
		if (Long.parseLong(range.group(3)) != begun.total() || !(tag.isEmpty() || tag.equals(begun.tag()))) {
			throw changed();
		}
	}

	private PipeFileChangedException changed() {
		return new PipeFileChangedException(
				"The download of '%s' cannot be resumed: the file on the server has changed; download it anew"
					.formatted(this.target));
	}

	private void write(InputStream content, PartialFile file, long position) throws IOException {
		TransferProgress progress = new TransferProgress(this.listener, position, file.total());
		try (FileChannel channel = file.open()) {
			channel.position(position);
			OutputStream written = Channels.newOutputStream(channel);
			byte[] bytes = new byte[BUFFER_BYTES];
			for (int count = content.read(bytes); count >= 0; count = content.read(bytes)) {
				written.write(bytes, 0, count);
				progress.add(count);
			}
			if (file.total() >= 0 && channel.position() != file.total()) {
				throw new PipeProtocolException("The server has sent %d bytes of a file of %d bytes"
					.formatted(channel.position(), file.total()));
			}
			channel.truncate(channel.position());
		}
		progress.end();
	}

}
