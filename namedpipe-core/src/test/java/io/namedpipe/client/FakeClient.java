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

package io.namedpipe.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.WaitingChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.TransportCapabilities;

/**
 * Templates with a protocol of the test and without a server: requests, replies, and
 * events of listeners.
 */
final class FakeClient {

	final PipeAddress address = Pipes.uniqueAddress();

	final List<String> events = new CopyOnWriteArrayList<>();

	final List<ScriptedChannel> channels = new CopyOnWriteArrayList<>();

	/** The outcome of each request, in order. */
	final Deque<Function<PipeRequest, PipeReply>> answers = new ArrayDeque<>();

	/** Whether requests that failed may be sent once more. */
	boolean repeatable;

	/** Whether a connection starts its server. */
	boolean startsServer;

	boolean openFails;

	PipeTemplateBuilder builder(@Nullable PipeClientResources resources, Feature... features) {
		PipeTemplateBuilder builder = (resources != null) ? PipeTemplate.builder(new FakeConnector(), resources)
				: PipeTemplate.builder(new FakeConnector());
		return builder.address(this.address)
			.protocol(new FakeProtocol(ProtocolCapabilities.of(features)))
			.listeners(List.of(new Events()));
	}

	PipeTemplate template(UnaryOperator<PipeTemplateBuilder> settings, Feature... features) {
		return settings.apply(builder(null, features)).build();
	}

	static PipeReply fail(RuntimeException failure) {
		throw failure;
	}

	private final class Events implements PipeClientListener {

		private void add(String event) {
			FakeClient.this.events.add(event);
		}

		@Override
		public void connectionOpened(PipeAddress of) {
			add("opened");
		}

		@Override
		public void connectionClosed(PipeAddress of) {
			add("closed");
		}

		@Override
		public void exchangeStarted(PipeAddress of, PipeRequest request) {
			add("started " + request.body().text());
		}

		@Override
		public void exchangeRepeated(PipeAddress of, PipeRequest request) {
			add("repeated " + request.body().text());
		}

		@Override
		public void exchangeEnded(PipeAddress of, PipeRequest request, @Nullable RuntimeException failure,
				Duration duration) {
			add("ended " + ((failure != null) ? failure.getMessage() : null));
		}

	}

	private final class FakeConnector implements PipeConnector {

		@Override
		public String name() {
			return "fake";
		}

		@Override
		public TransportCapabilities capabilities() {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean reaches(PipeAddress reached) {
			return true;
		}

		@Override
		public boolean startsServer(PipeAddress started) {
			return FakeClient.this.startsServer;
		}

		@Override
		public PipeChannel connect(PipeAddress to, PipeClientOptions options) {
			ScriptedChannel channel = new WaitingChannel(100);
			FakeClient.this.channels.add(channel);
			return channel;
		}

		@Override
		public void close() {
		}

	}

	private final class FakeProtocol implements PipeProtocol {

		private final ProtocolCapabilities capabilities;

		FakeProtocol(ProtocolCapabilities capabilities) {
			this.capabilities = capabilities;
		}

		@Override
		public String name() {
			return "fake";
		}

		@Override
		public ProtocolCapabilities capabilities() {
			return this.capabilities;
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			if (FakeClient.this.openFails) {
				throw new PipeException("no greeting");
			}
			return new ClientSession() {

				private boolean broken;

				@Override
				public PipeReply exchange(PipeRequest request) {
					try {
						return FakeClient.this.answers.remove().apply(request);
					}
					catch (PipeClosedException ex) {
						this.broken = true;
						throw ex;
					}
				}

				@Override
				public boolean isReusable() {
					return !this.broken && connection.channel().isOpen();
				}

				@Override
				public boolean isRepeatable() {
					return FakeClient.this.repeatable;
				}

				@Override
				public void close() {
					connection.close();
				}

			};
		}

	}

}
