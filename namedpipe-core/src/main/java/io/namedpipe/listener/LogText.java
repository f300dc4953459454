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

package io.namedpipe.listener;

import java.util.function.Supplier;

import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeException;

/**
 * Makes what a client sent fit for a log line.
 */
final class LogText {

	private static final int MAX_LENGTH = 500;

	private LogText() {
	}

	/**
	 * The user at the other end, as far as that can be told.
	 * @param peer finds the user
	 * @return the name of the user
	 */
	static String user(Supplier<PeerIdentity> peer) {
		try {
			return clean(peer.get().qualifiedName());
		}
		catch (PipeException ex) {
			return "an unknown user";
		}
	}

	static String clean(String text) {
		StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
		for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
			char next = text.charAt(i);
			clean.append((Character.isISOControl(next) || next == '\u2028' || next == '\u2029') ? '?' : next);
		}
		if (text.length() > MAX_LENGTH) {
			clean.append("...");
		}
		return clean.toString();
	}

}
