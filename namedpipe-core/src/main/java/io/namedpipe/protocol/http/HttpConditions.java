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

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The conditions of a request (RFC 9110, 13), evaluated against a file that exists.
 *
 * @param headers the fields of the request
 * @param tag the tag of the file as it is now
 * @param lastModified when the file was modified, {@code null} if that is not known
 */
record HttpConditions(HttpHeaders headers, EntityTag tag, @Nullable Instant lastModified) {

	/**
	 * Whether the answer is 412: the file is not the one that the client means.
	 * @return {@code true} if so
	 */
	boolean isFailed() {
		String match = this.headers.list("If-Match");
		if (match != null) {
			return !match.equals("*") && EntityTag.list(match).stream().noneMatch(this.tag::equalsStrongly);
		}
		return isModifiedSince("If-Unmodified-Since", false);
	}

	/**
	 * Whether the answer to {@code GET} and {@code HEAD} is 304: the client has the file.
	 * For other methods it is 412 if there is an {@code If-None-Match}.
	 * @return {@code true} if so
	 */
	boolean isNotModified() {
		String noneMatch = this.headers.list("If-None-Match");
		if (noneMatch != null) {
			return noneMatch.equals("*") || EntityTag.list(noneMatch).stream().anyMatch(this.tag::equalsWeakly);
		}
		return !isModifiedSince("If-Modified-Since", true);
	}

	/**
	 * Whether a {@code Range} may be served: the client's part is of this very file. A
	 * date is never proof of that, as a file can change twice within a second.
	 * @return {@code true} if so
	 */
	boolean isRangeUsable() {
		String ifRange = this.headers.list("If-Range");
		return ifRange == null || (EntityTag.list(ifRange).equals(List.of(this.tag)) && !this.tag.weak());
	}

	private boolean isModifiedSince(String name, boolean otherwise) {
		String date = this.headers.list(name);
		Instant since = (date != null) ? HttpDates.parse(date) : null;
		return (since != null && this.lastModified != null)
				? this.lastModified.truncatedTo(ChronoUnit.SECONDS).isAfter(since) : otherwise;
	}

}
