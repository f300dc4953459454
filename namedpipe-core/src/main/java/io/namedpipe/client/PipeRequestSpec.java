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

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.converter.MessageConversionException;

import io.namedpipe.protocol.PipeReply;

/**
 * A request to a route, from {@link PipeOperations#route}. First set its parts, then call
 * the method for the result that you want, which sends the request. It fails as
 * {@link PipeOperations#requestFile} does; what a server answers as a failure is a
 * {@link io.namedpipe.protocol.PipeRemoteException} with all that the server has said,
 * and so is a redirect, which is not followed, for all but {@link #exchange()}. A part
 * that the protocol cannot carry is an error. For one thread, and for one request.
 *
 * @since 0.1.0
 */
public interface PipeRequestSpec {

	/**
	 * Set the method, in {@code http}. The default is {@code POST} with a payload, and
	 * {@code GET} without one.
	 * @param method the method
	 * @return this request
	 */
	PipeRequestSpec method(String method);

	/**
	 * Add a parameter to the query, in {@code http}.
	 * @param name the name
	 * @param value the value, whose text is encoded
	 * @return this request
	 */
	PipeRequestSpec query(String name, Object value);

	/**
	 * Set a header.
	 * @param name the name, whose case makes no difference
	 * @param value the value
	 * @return this request
	 */
	PipeRequestSpec header(String name, String value);

	/**
	 * Set the content. A text, bytes, an {@code InputStream}, a {@code Path}, a
	 * {@code Resource} and a {@link io.namedpipe.protocol.PipeBody} are sent as they are;
	 * a message converter converts any other object, by default to JSON. A stream is read
	 * while it is sent, by another thread, and closed.
	 * @param payload the content
	 * @return this request
	 * @throws MessageConversionException if nothing converts it
	 */
	PipeRequestSpec payload(Object payload);

	/**
	 * Set how long this request may make no progress. The default is the request time-out
	 * of the template.
	 * @param timeout the time-out; zero for none
	 * @return this request
	 */
	PipeRequestSpec timeout(Duration timeout);

	/**
	 * Set the listener to the progress of an upload or a download.
	 * @param listener the listener
	 * @return this request
	 */
	PipeRequestSpec progress(PipeProgressListener listener);

	/**
	 * Set whether a download continues an earlier one that broke off, of the same request
	 * to the same target. The default is to start from the beginning.
	 * @param resume whether to resume
	 * @return this request
	 */
	PipeRequestSpec resume(boolean resume);

	/**
	 * Send, and convert the reply, of at most 16 MiB.
	 * @param type the type of the result; {@code Void} for none
	 * @param <T> the type of the result
	 * @return the result; {@code null} if the reply is empty
	 * @throws MessageConversionException if nothing converts the reply
	 */
	<T> @Nullable T retrieve(Class<T> type);

	/**
	 * Send, and convert the reply, of at most 16 MiB.
	 * @param type the type of the result, such as a list of something
	 * @param <T> the type of the result
	 * @return the result; {@code null} if the reply is empty
	 * @throws MessageConversionException if nothing converts the reply
	 */
	<T> @Nullable T retrieve(ParameterizedTypeReference<T> type);

	/**
	 * Send, and get the content of the reply while it arrives. The connection is in use
	 * until the stream was read to its end or closed; closing it early also ends the work
	 * of the server.
	 * @return the content; its {@code IOException} says that it is not complete
	 */
	InputStream body();

	/**
	 * Send, and get the whole reply with its headers. If its body is a stream, the caller
	 * closes it.
	 * @return the reply
	 */
	PipeReply exchange();

	/**
	 * Send, and write the content of the reply into a file: first into a temporary one
	 * beside the target, whose length is checked and which is then moved into the
	 * target's place. So the target is never a part of a file. If the download breaks off
	 * and the server has sent a strong {@code ETag}, the temporary file stays and the
	 * download can be {@linkplain #resume resumed}.
	 * @param target the file, which is replaced if it exists; no folder or device
	 * @throws PipeFileChangedException if the file on the server is no longer the one
	 * that the download began with
	 * @throws java.io.UncheckedIOException if a file cannot be written
	 */
	void download(Path target);

	/**
	 * Send a file, with {@code PUT} unless another method is set.
	 * @param source the file
	 * @return the reply; if its body is a stream, the caller closes it
	 * @throws java.io.UncheckedIOException if the file cannot be read
	 */
	PipeReply upload(Path source);

	/**
	 * Send a stream, with {@code PUT} unless another method is set.
	 * @param source the content, which is read by another thread and closed
	 * @return the reply; if its body is a stream, the caller closes it
	 * @throws java.io.UncheckedIOException if the stream cannot be read
	 */
	PipeReply upload(InputStream source);

	/**
	 * Send on another thread.
	 * @return the same operations, without waiting
	 */
	Async async();

	/**
	 * Operations that do not wait. When their future is cancelled, or completed in
	 * another way such as {@code orTimeout}, the connection is closed and the server can
	 * stop its work. Cancelling a stage that depends on the future has no such effect.
	 *
	 * @since 0.1.0
	 */
	interface Async {

		/**
		 * As {@link PipeRequestSpec#retrieve(Class)}.
		 * @param type the type of the result
		 * @param <T> the type of the result
		 * @return the result to come
		 */
		<T> CompletableFuture<@Nullable T> retrieve(Class<T> type);

		/**
		 * As {@link PipeRequestSpec#retrieve(ParameterizedTypeReference)}.
		 * @param type the type of the result
		 * @param <T> the type of the result
		 * @return the result to come
		 */
		<T> CompletableFuture<@Nullable T> retrieve(ParameterizedTypeReference<T> type);

		/**
		 * As {@link PipeRequestSpec#body()}.
		 * @return the content to come
		 */
		CompletableFuture<InputStream> body();

		/**
		 * As {@link PipeRequestSpec#exchange()}.
		 * @return the reply to come
		 */
		CompletableFuture<PipeReply> exchange();

		/**
		 * As {@link PipeRequestSpec#download(Path)}.
		 * @param target the file
		 * @return the end of the download
		 */
		CompletableFuture<@Nullable Void> download(Path target);

		/**
		 * As {@link PipeRequestSpec#upload(Path)}.
		 * @param source the file
		 * @return the reply to come
		 */
		CompletableFuture<PipeReply> upload(Path source);

		/**
		 * As {@link PipeRequestSpec#upload(InputStream)}.
		 * @param source the content
		 * @return the reply to come
		 */
		CompletableFuture<PipeReply> upload(InputStream source);

	}

}
