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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The failures that exceptions become.
 */
class PipeFailureTests {

	// The JDK's exception for a name that the locale has no bytes for.
	@Test
	void nameThatTheLocaleCannotSpellNamesTheLocale() {
		PipeFailure failure = PipeFailure
			.of(new InvalidPathException("gr\u00f6\u00dfe", "Malformed input or input contains unmappable characters"));
		assertThat(failure.code()).isEqualTo(Code.BAD_REQUEST);
		assertThat(failure.message()).contains(System.getProperty("sun.jnu.encoding"), "LC_ALL=C.UTF-8");
	}

	@Test
	void nameThatIsNoneOnAnySystemDoesNot() {
		assertThat(PipeFailure.of(new InvalidPathException("a", "Nul character not allowed")).message())
			.doesNotContain("LC_ALL");
	}

	static Stream<Arguments> exceptions() {
		return Stream.of(Arguments.of(new NoSuchFileException("a"), Code.NOT_FOUND, "no such file: a"),
				Arguments.of(new FileNotFoundException("a"), Code.NOT_FOUND, "a"),
				Arguments.of(new AccessDeniedException("a"), Code.ACCESS_DENIED, "permission denied: a"),
				Arguments.of(new PipeAccessDeniedException("not you"), Code.ACCESS_DENIED, "not you"),
				Arguments.of(new PipeMessageTooLargeException("long"), Code.TOO_LARGE, "long"),
				Arguments.of(new PipeImpersonationException("no"), Code.IMPERSONATION_FAILED, "no"),
				Arguments.of(new PipeTimeoutException("late"), Code.TIMEOUT, "late"),
				Arguments.of(new TimeoutException(), Code.TIMEOUT, "TimeoutException"),
				Arguments.of(new TimeoutException(""), Code.TIMEOUT, "TimeoutException"),
				Arguments.of(new PipeProtocolException("odd"), Code.BAD_REQUEST, "odd"),
				Arguments.of(new InvalidPathException("a", "odd"), Code.BAD_REQUEST, "odd: a"),
				Arguments.of(new NotDirectoryException("a"), Code.BAD_REQUEST, "no folder: a"),
				Arguments.of(new FileSystemException("a"), Code.BAD_REQUEST, "a"),
				Arguments.of(new IOException("disk"), Code.INTERNAL, "disk"), Arguments
					.of(new IllegalStateException("secret"), Code.INTERNAL, "the server failed to handle the request"));
	}

	@ParameterizedTest
	@MethodSource("exceptions")
	void exceptionHasItsCodeAndMessage(Throwable thrown, Code code, String message) {
		assertThat(PipeFailure.of(thrown)).isEqualTo(new PipeFailure(code, message));
	}

	@Test
	void failureThatIsThrownIsTheOneThatIsTold() {
		PipeFailure failure = new PipeFailure(Code.BUSY, "later", Map.of("retry-after", "1"), Map.of("name", "empty"));
		assertThat(PipeFailure.of(new CompletionException(new PipeRequestException(failure, null)))).isSameAs(failure);
	}

	@Test
	void exceptionsThatOnlyWrapAreRemoved() {
		IOException cause = new IOException("disk");
		for (Throwable wrapper : List.of(new CompletionException(cause), new ExecutionException(cause),
				new UncheckedIOException(cause), new UndeclaredThrowableException(cause),
				new CompletionException(new ExecutionException(cause)))) {
			assertThat(PipeFailure.unwrap(wrapper)).isSameAs(cause);
		}
		PipeException pipe = new PipeException("pipe");
		assertThat(PipeFailure.unwrap(new IOException(pipe))).isSameAs(pipe);
		for (Throwable own : List.of(cause, new IOException("io", cause), new IllegalStateException(cause),
				new IllegalStateException(pipe), new CompletionException("none", null))) {
			assertThat(PipeFailure.unwrap(own)).isSameAs(own);
		}
	}

	static Stream<Arguments> toldToClients() {
		return Stream.of(Arguments.of(new NoSuchFileException("/srv/a"), "no such file: a"),
				Arguments.of(new NoSuchFileException("/a"), "no such file: a"),
				Arguments.of(new NoSuchFileException("C:\\srv\\a"), "no such file: a"),
				Arguments.of(new NoSuchFileException("a"), "no such file: a"),
				Arguments.of(new FileSystemException("/srv/a", "/srv/b", "both /srv"), "a -> b: both /srv"),
				Arguments.of(new FileSystemException(null, null, "none"), "none"),
				Arguments.of(new FileNotFoundException("/srv/a (No such file)"), "no such file"),
				Arguments.of(new IOException("No space left on /srv"), "the server failed to handle the request"),
				Arguments.of(new UncheckedIOException(new IOException("/srv")),
						"the server failed to handle the request"),
				Arguments.of(new PipeMessageTooLargeException("/srv is mine"), "/srv is mine"));
	}

	@ParameterizedTest
	@MethodSource("toldToClients")
	void clientIsNotToldWhereTheServerKeepsItsFiles(Throwable thrown, String told) {
		PipeFailure failure = PipeFailure.of(thrown);
		assertThat(failure.forClient(thrown)).isEqualTo(new PipeFailure(failure.code(), told));
	}

	@Test
	void whatIsToldAnywayIsNotChanged() {
		PipeFailure failure = new PipeFailure(Code.INTERNAL, "/srv", Map.of("a", "b"), Map.of("c", "d"));
		assertThat(failure.forClient(null)).isSameAs(failure);
		assertThat(failure.forClient(new IllegalStateException())).isSameAs(failure);
		assertThat(failure.forClient(new IOException())).isEqualTo(new PipeFailure(Code.INTERNAL,
				"the server failed to handle the request", Map.of("a", "b"), Map.of("c", "d")));
		PipeFailure chosen = new PipeFailure(Code.NOT_FOUND, "chosen");
		assertThat(chosen.forClient(new IOException())).isSameAs(chosen);
	}

	@Test
	void fieldsOfAProblemAreTexts() {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("age", 7);
		fields.put("name", null);
		PipeRemoteException remote = new PipeRemoteException(Code.BAD_REQUEST, "bad", 400, "Bad Request", "see fields",
				Map.of("fields", fields, "type", "about:blank"));
		assertThat(remote.getFields()).containsExactly(Map.entry("age", "7"), Map.entry("name", "null"));
		assertThat(remote.getFailure().fields()).isEqualTo(remote.getFields());
		assertThat(remote.getStatus()).isEqualTo(400);
		assertThat(remote.getTitle()).isEqualTo("Bad Request");
		assertThat(remote.getDetail()).isEqualTo("see fields");
		assertThat(remote.getCode()).isEqualTo(Code.BAD_REQUEST);
		assertThat(new PipeRemoteException(Code.BAD_REQUEST, "bad", 400, "", "", Map.of("fields", "none")).getFields())
			.isEmpty();
	}

	@Test
	void problemThatWasSerializedHasNoFurtherMembers() throws Exception {
		PipeRemoteException remote = new PipeRemoteException(Code.BAD_REQUEST, "bad", 400, "title", "detail",
				Map.of("type", "about:blank"));
		assertThat(remote.getProperties()).containsEntry("type", "about:blank");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
			stream.writeObject(remote);
		}
		try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			PipeRemoteException read = (PipeRemoteException) stream.readObject();
			assertThat(read.getStatus()).isEqualTo(400);
			assertThat(read.getProperties()).isEmpty();
		}
	}

	@Test
	void protocolHasItsFeaturesAndTheFactoryItsName() {
		ProtocolCapabilities capabilities = ProtocolCapabilities.of(ProtocolCapabilities.Feature.ROUTES);
		assertThat(capabilities.has(ProtocolCapabilities.Feature.ROUTES)).isTrue();
		assertThat(capabilities.has(ProtocolCapabilities.Feature.PATHS)).isFalse();
		PipeProtocolFactory factory = PipeProtocolFactory.of("own", (settings) -> {
			throw new IllegalArgumentException("greeting is " + settings.get("greeting"));
		});
		assertThat(factory.name()).isEqualTo("own");
		assertThatIllegalArgumentException().isThrownBy(() -> factory.create((name) -> name + " set"))
			.withMessage("greeting is greeting set");
	}

	@Test
	void headerWithALineBreakIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new PipeFailure(Code.BUSY, "later", Map.of("Retry-After", "1\r\nX: y"), Map.of()))
			.withMessageContaining("'Retry-After'");
	}

}
