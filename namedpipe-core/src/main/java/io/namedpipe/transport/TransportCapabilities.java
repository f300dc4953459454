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

import java.util.Set;

/**
 * What a transport can do.
 *
 * @param features the features that it has
 * @since 0.1.0
 */
public record TransportCapabilities(Set<Feature> features) {

	public TransportCapabilities {
		features = Set.copyOf(features);
	}

	/**
	 * The capabilities made of some features.
	 * @param features the features
	 * @return the capabilities
	 */
	public static TransportCapabilities of(Feature... features) {
		return new TransportCapabilities(Set.of(features));
	}

	/**
	 * Whether the transport has a feature.
	 * @param feature the feature
	 * @return {@code true} if it has
	 */
	public boolean has(Feature feature) {
		return this.features.contains(feature);
	}

	/**
	 * Require a feature of the transport.
	 * @param feature the feature that is needed
	 * @param transport the name of the transport, for the message
	 * @throws PipeUnsupportedException if the transport lacks it
	 */
	public void require(Feature feature, String transport) {
		if (!has(feature)) {
			throw new PipeUnsupportedException(
					"The '%s' transport has no %s".formatted(transport, feature.description()), feature);
		}
	}

	/**
	 * Require what the mode and the direction of a pipe need.
	 * @param mode how the pipe carries what is written
	 * @param direction which way bytes go
	 * @param transport the name of the transport, for the message
	 * @throws PipeUnsupportedException if the transport lacks it
	 */
	public void require(PipeMode mode, PipeDirection direction, String transport) {
		if (mode != PipeMode.BYTE) {
			require(Feature.MESSAGE_MODE, transport);
		}
		if (direction != PipeDirection.DUPLEX) {
			require(Feature.ONE_WAY, transport);
		}
	}

	/**
	 * Something that not every transport can do.
	 *
	 * @since 0.1.0
	 */
	public enum Feature {

		/** Messages keep their boundaries. */
		MESSAGE_MODE("message mode"),

		/** Pipes that carry bytes in one direction only. */
		ONE_WAY("one-way pipes"),

		/** The server can act as the client. */
		IMPERSONATION("impersonation"),

		/** Clients on other machines. */
		REMOTE("pipes on other machines"),

		/** Security descriptors, in SDDL. */
		SECURITY_DESCRIPTOR("security descriptors"),

		/** Users and groups let in besides the current user. */
		ACCESS_RULES("access rules for other users");

		private final String description;

		Feature(String description) {
			this.description = description;
		}

		String description() {
			return this.description;
		}

	}

}
