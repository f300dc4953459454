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

import java.util.List;
import java.util.stream.Collectors;

/**
 * Several connectors as one: the first one that reaches an address connects to it.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class CompositePipeConnector implements PipeConnector {

	private final List<PipeConnector> connectors;

	private final TransportCapabilities capabilities;

	/**
	 * Create a connector that owns others and closes them.
	 * @param connectors the connectors, in the order in which they are asked
	 * @throws IllegalArgumentException if there are none
	 */
	public CompositePipeConnector(List<? extends PipeConnector> connectors) {
		if (connectors.isEmpty()) {
			throw new IllegalArgumentException("'connectors' must not be empty");
		}
		this.connectors = List.copyOf(connectors);
		this.capabilities = new TransportCapabilities(connectors.stream()
			.flatMap((connector) -> connector.capabilities().features().stream())
			.collect(Collectors.toSet()));
	}

	@Override
	public String name() {
		return "composite";
	}

	/**
	 * What at least one of the connectors can do. The one that is chosen still refuses
	 * what it cannot do itself.
	 */
	@Override
	public TransportCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return this.connectors.stream().anyMatch((connector) -> connector.reaches(address));
	}

	@Override
	public boolean startsServer(PipeAddress address) {
		return connector(address).startsServer(address);
	}

	@Override
	public void verify(PipeAddress address) {
		connector(address).verify(address);
	}

	@Override
	public void verify(ExpectedServer expected) {
		this.connectors.forEach((connector) -> connector.verify(expected));
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		return connector(address).connect(address, options);
	}

	private PipeConnector connector(PipeAddress address) {
		return this.connectors.stream()
			.filter((connector) -> connector.reaches(address))
			.findFirst()
			.orElseThrow(() -> unreachable(address));
	}

	private PipeAddressException unreachable(PipeAddress address) {
		List<String> names = this.connectors.stream().map(PipeConnector::name).toList();
		return new PipeAddressException(address.toString(),
				"none of the transports %s reaches it; add one that does, or use another address".formatted(names));
	}

	/**
	 * Close every connector, also after one of them has failed to.
	 */
	@Override
	public void close() {
		RuntimeException failure = null;
		for (PipeConnector connector : this.connectors) {
			try {
				connector.close();
			}
			catch (RuntimeException ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
