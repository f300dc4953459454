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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a head in their order. Names are compared without regard to case and kept
 * as they were given. Not safe for use by several threads.
 */
final class HttpHeaders {

	private static final String[] NONE = {};

	private static final int USUAL_ENTRIES = 16;

	/** Names and values in turns. */
	private String[] entries = NONE;

	private int size;

	/**
	 * Append a field. Whether name and value can be sent is checked when they are.
	 * @param name the name
	 * @param value the value
	 * @return these headers
	 */
	HttpHeaders add(String name, String value) {
		int index = 2 * this.size;
		if (index == this.entries.length) {
			this.entries = Arrays.copyOf(this.entries, Math.max(USUAL_ENTRIES, 2 * index));
		}
		this.entries[index] = name;
		this.entries[index + 1] = value;
		this.size++;
		return this;
	}

	// Replaces all fields of the name by one, at the end.
	HttpHeaders set(String name, String value) {
		int kept = 0;
		for (int i = 0; i < this.size; i++) {
			if (!name(i).equalsIgnoreCase(name)) {
				this.entries[2 * kept] = name(i);
				this.entries[2 * kept + 1] = value(i);
				kept++;
			}
		}
		this.size = kept;
		return add(name, value);
	}

	void setIfAbsent(String name, String value) {
		if (get(name) == null) {
			add(name, value);
		}
	}

	int size() {
		return this.size;
	}

	String name(int index) {
		return this.entries[2 * index];
	}

	String value(int index) {
		return this.entries[2 * index + 1];
	}

	@Nullable String get(String name) {
		int index = next(name, 0);
		return (index < 0) ? null : value(index);
	}

	/**
	 * The value of a field that a message may have once.
	 * @param name the name
	 * @return the value, {@code null} if there is none
	 * @throws HttpException if there are several
	 */
	@Nullable String single(String name) {
		int index = next(name, 0);
		if (index >= 0 && next(name, index + 1) >= 0) {
			throw HttpException.badMessage("There are several %s fields".formatted(name));
		}
		return (index < 0) ? null : value(index);
	}

	/**
	 * The value of a list that may be spread over several fields (RFC 9110, 5.3).
	 * @param name the name
	 * @return the whole list, {@code null} if there is none
	 */
	@Nullable String list(String name) {
		int index = next(name, 0);
		return (index < 0 || next(name, index + 1) < 0) ? get(name) : String.join(", ", values(name));
	}

	List<String> values(String name) {
		List<String> values = new ArrayList<>();
		for (int i = next(name, 0); i >= 0; i = next(name, i + 1)) {
			values.add(value(i));
		}
		return values;
	}

	/**
	 * Whether a list has a token, such as {@code close} in {@code Connection}.
	 * @param name the name of the field
	 * @param token the token, compared without regard to case
	 * @return {@code true} if it is there
	 */
	boolean hasToken(String name, String token) {
		String list = list(name);
		return list != null && (list.equalsIgnoreCase(token)
				|| HttpChars.split(list, ',').stream().anyMatch(token::equalsIgnoreCase));
	}

	private int next(String name, int from) {
		for (int i = from; i < this.size; i++) {
			if (name(i).equalsIgnoreCase(name)) {
				return i;
			}
		}
		return -1;
	}

	/**
	 * The fields, for tests and debuggers. Not for logs: fields carry credentials.
	 * @return one field in each line
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < this.size; i++) {
			text.append(name(i)).append(": ").append(value(i)).append('\n');
		}
		return text.toString();
	}

}
