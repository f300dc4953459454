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

package io.namedpipe.protocol.tagged;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.tagged.TaggedCodec.Frame;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;

/**
 * Exchanges of several threads at once over one connection.
 */
final class TaggedClientSession implements ClientSession {

	private final ClientConnection connection;

	private final TaggedCodec codec;

	private final AtomicInteger numbers = new AtomicInteger();

	private final Map<Integer, CompletableFuture<Frame>> pending = new ConcurrentHashMap<>();

	private volatile boolean ended;

	TaggedClientSession(ClientConnection connection) {
		this.connection = connection;
		this.codec = new TaggedCodec(connection.channel());
		Background.run(this::readAll);
	}

	private Void readAll() {
		try {
			Frame frame;
			while ((frame = this.codec.read()) != null) {
				this.pending.remove(frame.number()).complete(frame);
			}
		}
		finally {
			this.ended = true;
			endPending();
		}
		return null;
	}

	private void endPending() {
		this.pending.values()
			.forEach((each) -> each.completeExceptionally(new PipeClosedException("The session has ended")));
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		int number = this.numbers.incrementAndGet();
		CompletableFuture<Frame> reply = new CompletableFuture<>();
		this.pending.put(number, reply);
		this.codec.write(new Frame(number, false, String.valueOf(request.body().text())));
		if (this.ended) {
			endPending();
		}
		Frame frame = join(reply);
		if (frame.failure()) {
			throw new PipeRequestException(PipeFailure.Code.valueOf(frame.text()), "the server refuses");
		}
		return PipeReply.of(frame.text());
	}

	private static Frame join(CompletableFuture<Frame> reply) {
		try {
			return reply.orTimeout(30, TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof PipeException cause) ? cause : ex;
		}
	}

	@Override
	public boolean isReusable() {
		return this.connection.channel().isOpen();
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
