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

package io.namedpipe.transport.anonymous;

import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * Serves the parent of this process on the pipe with the name {@code parent}: one client,
 * the one that {@link ParentPipe#open()} connects with, and no other.
 *
 * @since 0.1.0
 */
public final class ParentPipeListener implements PipeListener {

	/** The name that stands for the parent. */
	public static final String PIPE_NAME = "parent";

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of(Feature.ONE_WAY);

	private final Supplier<AnonymousPipeChannel> parent;

	private final Runnable onEnd;

	/**
	 * Create the listener.
	 * @param onEnd called once when the connection to the parent has ended, on a thread
	 * of the server, which it must not block
	 */
	public ParentPipeListener(Runnable onEnd) {
		this(ParentPipe::openChannel, onEnd);
	}

	ParentPipeListener(Supplier<AnonymousPipeChannel> parent, Runnable onEnd) {
		this.parent = parent;
		this.onEnd = onEnd;
	}

	@Override
	public String name() {
		return PIPE_NAME;
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean accepts(PipeAddress address) {
		return address.isLocal() && address.path() == null && address.name().equals(PIPE_NAME);
	}

	@Override
	public boolean isExclusive() {
		return true;
	}

	@Override
	public PipeServerChannel bind(PipeAddress address, PipeServerOptions options) {
		if (!accepts(address)) {
			throw new PipeAddressException(address.toString(), "the parent has the name '%s'".formatted(PIPE_NAME));
		}
		CAPABILITIES.require(options.mode(), options.direction(), name());
		AnonymousPipeChannel channel = this.parent.get();
		boolean fits = channel.isReadable() == options.direction().isReadable(true)
				&& channel.isWritable() == options.direction().isWritable(true);
		if (!fits) {
			channel.close();
			throw new PipeUnsupportedException(
					"The parent has passed a pipe to %s, which does not fit the direction '%s'".formatted(
							channel.isReadable() ? (channel.isWritable() ? "read and write" : "read") : "write",
							options.direction().name().toLowerCase(Locale.ROOT)));
		}
		return new ServerChannel(address, channel, this.onEnd);
	}

	@Override
	public void verifyImpersonation() {
		throw new PipeUnsupportedException(
				"The pipe to the parent does not tell who that is, so nobody can act as the parent");
	}

	@Override
	public void close() {
		// The channel belongs to the server.
	}

	/**
	 * Hands the parent's channel out once.
	 */
	private static final class ServerChannel implements PipeServerChannel {

		private final PipeAddress address;

		private final PipeChannel parent;

		private final Runnable onEnd;

		private final AtomicBoolean accepted = new AtomicBoolean();

		private final AtomicBoolean ended = new AtomicBoolean();

		private final CountDownLatch closed = new CountDownLatch(1);

		ServerChannel(PipeAddress address, PipeChannel parent, Runnable onEnd) {
			this.address = address;
			this.parent = parent;
			this.onEnd = onEnd;
		}

		@Override
		public PipeAddress address() {
			return this.address;
		}

		@Override
		public PipeChannel accept() {
			if (isOpen() && this.accepted.compareAndSet(false, true)) {
				return new DelegatingPipeChannel(this.parent) {

					@Override
					public void close() {
						super.close();
						ended();
					}

				};
			}
			try {
				this.closed.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new PipeException("Waiting for a client was interrupted", ex);
			}
			throw new PipeClosedException("The parent is not served any more");
		}

		private void ended() {
			if (isOpen() && this.ended.compareAndSet(false, true)) {
				this.onEnd.run();
			}
		}

		@Override
		public boolean isOpen() {
			return this.closed.getCount() > 0;
		}

		@Override
		public boolean isReachable() {
			return isOpen() && this.parent.isOpen();
		}

		@Override
		public String location() {
			return "the pipe to the parent process";
		}

		@Override
		public void close() {
			this.closed.countDown();
			if (this.accepted.compareAndSet(false, true)) {
				this.parent.close();
			}
		}

	}

}
