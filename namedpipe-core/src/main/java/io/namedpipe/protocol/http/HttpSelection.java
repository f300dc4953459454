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
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

/**
 * The answer to a request for content that has an {@code ETag}: all of it, a part, or
 * only that it has not changed (RFC 9110, 13 and 14).
 *
 * @param status the status
 * @param content the content to send
 */
record HttpSelection(int status, PipeBody content) {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

	/**
	 * Select.
	 * @param request the request
	 * @param reply the fields of the reply, to which those of a part are added
	 * @param content the whole content
	 * @return the selection
	 * @throws PipeRequestException with the status 412 or 416, if the request has a
	 * condition that is not met, or asks for a part that is not there
	 */
	static HttpSelection of(HttpRequestHead request, HttpHeaders reply, PipeBody content) {
		List<EntityTag> tags = EntityTag.list(String.valueOf(reply.get("ETag")));
		// HTTP leaves POST open. Clients of this library name the file in a body.
		boolean post = request.method().equals("POST");
		if (tags.size() != 1 || !METHODS.contains(request.method())) {
			return new HttpSelection(200, content);
		}
		String modified = reply.get("Last-Modified");
		HttpConditions conditions = new HttpConditions(request.headers(), tags.get(0),
				(modified != null) ? HttpDates.parse(modified) : null);
		if (!post && conditions.isFailed()) {
			throw refused("the content is another one by now", Map.of(HttpProtocol.STATUS, "412"));
		}
		if (!post && conditions.isNotModified()) {
			return new HttpSelection(304, PipeBody.empty());
		}
		if (content.length() < 0) {
			return new HttpSelection(200, content);
		}
		reply.setIfAbsent("Accept-Ranges", "bytes");
		ByteRange range = (conditions.isRangeUsable() && !request.method().equals("HEAD"))
				? range(request, content.length()) : null;
		if (range == null) {
			return new HttpSelection(200, content);
		}
		reply.set("Content-Range", range.contentRange());
		return new HttpSelection(206,
				PipeBody.of(new Part(content.stream(), range), range.count(), content.description()));
	}

	private static @Nullable ByteRange range(HttpRequestHead request, long length) {
		try {
			return ByteRange.requested(request.headers().list("Range"), length);
		}
		catch (HttpException ex) {
			throw refused("the content has %d bytes".formatted(length),
					Map.of(HttpProtocol.STATUS, "416", "Content-Range", ByteRange.unsatisfied(length)));
		}
	}

	private static PipeRequestException refused(String message, Map<String, String> headers) {
		return new PipeRequestException(new PipeFailure(Code.BAD_REQUEST, message, headers, Map.of()), null);
	}

	/**
	 * A part of a stream.
	 */
	private static final class Part extends InputStream {

		private final InputStream whole;

		private long before;

		private long left;

		Part(InputStream whole, ByteRange range) {
			this.whole = whole;
			this.before = range.first();
			this.left = range.count();
		}

		@Override
		public int read() throws IOException {
			byte[] single = new byte[1];
			return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			if (this.before > 0) {
				this.whole.skipNBytes(this.before);
				this.before = 0;
			}
			int count = (this.left > 0) ? this.whole.read(target, offset, (int) Math.min(this.left, length)) : -1;
			this.left -= Math.max(0, count);
			return count;
		}

		@Override
		public void close() throws IOException {
			this.whole.close();
		}

	}

}
