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

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Thrown when the transport does not have a feature that was asked for, such as message
 * mode over a Unix-domain socket. See {@link TransportCapabilities}.
 *
 * @since 0.1.0
 */
public class PipeUnsupportedException extends PipeException {

	private final @Nullable Feature feature;

	public PipeUnsupportedException(String message) {
		this(message, (Throwable) null);
	}

	public PipeUnsupportedException(String message, @Nullable Throwable cause) {
		super(message, cause);
		this.feature = null;
	}

	PipeUnsupportedException(String message, Feature feature) {
		super(message);
		this.feature = feature;
	}

	/**
	 * Create the exception for an operation in the wrong direction of a one-way pipe.
	 * @param operation what this end cannot be, such as "read from"
	 * @return the exception
	 */
	public static PipeUnsupportedException oneWay(String operation) {
		return new PipeUnsupportedException(
				"This pipe goes one way only and cannot be %s at this end".formatted(operation));
	}

	/**
	 * The feature that the transport does not have.
	 * @return the feature, {@code null} if it is none of those that transports tell
	 */
	public @Nullable Feature getFeature() {
		return this.feature;
	}

}
