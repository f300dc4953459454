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

import java.util.Set;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A memory transport whose accepting a test can change.
 */
abstract class WrappedTransport implements PipeTransport {

	private final MemoryPipeTransport delegate = new MemoryPipeTransport();

	/**
	 * Accept a client, or fail to.
	 */
	abstract PipeChannel accept(PipeServerChannel bound);

	/**
	 * Called when the pipe is bound.
	 */
	void bound(PipeServerChannel bound) {
	}

	boolean isReachable(PipeServerChannel bound) {
		return bound.isOpen();
	}

	@Override
	public String name() {
		return "wrapped";
	}

	@Override
	public TransportCapabilities capabilities() {
		return this.delegate.capabilities();
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return true;
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return true;
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		PipeServerChannel bound = this.delegate.bind(address, options);
		bound(bound);
		return new PipeServerChannel() {

			@Override
			public PipeAddress address() {
				return bound.address();
			}

			@Override
			public PipeChannel accept() {
				return WrappedTransport.this.accept(bound);
			}

			@Override
			public Set<String> ownerIds() {
				return bound.ownerIds();
			}

			@Override
			public boolean isOpen() {
				return bound.isOpen();
			}

			@Override
			public boolean isReachable() {
				return WrappedTransport.this.isReachable(bound);
			}

			@Override
			public void close() {
				bound.close();
			}

		};
	}

	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		return this.delegate.connect(address, options);
	}

	@Override
	public void verifyImpersonation() {
		this.delegate.verifyImpersonation();
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}
