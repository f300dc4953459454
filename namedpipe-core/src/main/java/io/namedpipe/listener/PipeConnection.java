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

import io.namedpipe.deadline.Deadline;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * One accepted client, from the start of its session to its end. What a client does ends
 * at most its own connection.
 */
final class PipeConnection {

	/** With a smaller buffer, a refusal could wait for the client to read it. */
	private static final int REFUSAL_BYTES = 4096;

	private final PipeContainerSettings settings;

	private final AdmittedClient client;

	private final PipeChannel channel;

	private final Deadline deadline;

	private final ServerConnection connection;

	PipeConnection(PipeContainerSettings settings, AdmittedClient client, Deadlines deadlines) {
		this.settings = settings;
		this.client = client;
		this.channel = client.channel();
		this.deadline = deadlines.watch(this.channel::close);
		this.connection = new ServerConnection(settings.id(), this.channel, this.deadline, settings.timeouts());
	}

	ServerConnection connection() {
		return this.connection;
	}

	AdmittedClient client() {
		return this.client;
	}

	/**
	 * Tell the client that it is not served, if that cannot wait for it, and close.
	 * @param failure why
	 */
	void refuse(PipeFailure failure) {
		try (this.channel; this.deadline) {
			if (this.settings.serverOptions().outBufferSize() >= REFUSAL_BYTES) {
				this.settings.protocol().serve(this.connection).refuse(failure);
			}
		}
	}

	void serve(ExchangeHandler handler, PipeServerListener listener) {
		listener.connectionOpened(this.connection);
		RuntimeException cause = null;
		try (this.channel; this.deadline) {
			this.settings.protocol().serve(this.connection).run(handler);
		}
		catch (PipeException ex) {
			cause = this.connection.translate(ex);
		}
		catch (RuntimeException ex) {
			cause = ex;
		}
		finally {
			listener.connectionClosed(this.connection, cause);
		}
	}

	/**
	 * Close the connection, also during a request.
	 */
	void close() {
		this.channel.close();
	}

}
