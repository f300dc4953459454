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

package io.namedpipe.protocol;

import java.util.Set;

/**
 * What a protocol can carry.
 *
 * @param features the features that the protocol has
 * @since 0.1.0
 */
public record ProtocolCapabilities(Set<Feature> features) {

	public ProtocolCapabilities {
		features = Set.copyOf(features);
	}

	/**
	 * Make capabilities from features.
	 * @param features the features
	 * @return the capabilities
	 */
	public static ProtocolCapabilities of(Feature... features) {
		return new ProtocolCapabilities(Set.of(features));
	}

	/**
	 * Whether the protocol has a feature.
	 * @param feature the feature
	 * @return {@code true} if it has the feature
	 */
	public boolean has(Feature feature) {
		return this.features.contains(feature);
	}

	/**
	 * A feature that not every protocol has.
	 *
	 * @since 0.1.0
	 */
	public enum Feature {

		/**
		 * A request names its handler. Without this feature a pipe has one handler.
		 */
		ROUTES,

		/**
		 * A route is a path: it can have variables, and a request has a method. Includes
		 * {@link #ROUTES}.
		 */
		PATHS,

		/** Requests and replies have headers. */
		HEADERS,

		/** A request has a body. */
		REQUEST_BODY,

		/** A reply has a body. */
		REPLY_BODY,

		/** The body of a request can be read while it arrives. */
		STREAMED_REQUESTS,

		/** The client may send a request before the previous one is answered. */
		CONCURRENT_EXCHANGES,

		/**
		 * A connection carries one exchange after the other, and its client expects that
		 * the server closes it between two of them.
		 */
		KEPT_CONNECTIONS,

		/** The handler gets the connection itself. */
		CHANNEL

	}

}
