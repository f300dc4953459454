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

package io.namedpipe.transport;

/**
 * Thrown when the address of a pipe is not acceptable, before any system call is made.
 *
 * @since 0.1.0
 */
public class PipeAddressException extends PipeException {

	private final String address;

	private final String reason;

	public PipeAddressException(String address, String reason) {
		super("The pipe address '%s' is refused: %s".formatted(LogText.of(address), LogText.of(reason)));
		this.address = address;
		this.reason = reason;
	}

	/**
	 * The address as it was given.
	 * @return the address
	 */
	public String getAddress() {
		return this.address;
	}

	/**
	 * The reason why the address is refused.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

}
