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

package io.namedpipe.handler;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.GenericMessage;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of the files among the replies: which ones are opened, and which ones never.
 */
@Timeout(120)
class ReplyConverterTests {

	private final ReplyConverter converter = new ReplyConverter(
			new BodyMessageConverter(List.of(), new StringMessageConverter()), FileOpener.portable());

	@TempDir
	Path folder;

	@Test
	void readsAnEmptyFile() throws Exception {
		assertThat(content(Files.createFile(this.folder.resolve("empty.txt")))).isEmpty();
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
	void readsAFileThroughLinks() throws Exception {
		Path file = Files.writeString(this.folder.resolve("text.txt"), "text");
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), file);
		assertThat(content(Files.createSymbolicLink(this.folder.resolve("other"), link))).isEqualTo("text");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
	void linkToADirectoryIsRefused() throws Exception {
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), this.folder);
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(link))
			.withMessageContaining("is a directory");
	}

	@ParameterizedTest
	@EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc")
	@ValueSource(strings = { "/proc/self/environ", "/proc/self/maps", "/proc/self/mem", "/proc/thread-self/environ",
			"/proc/self/../self/environ" })
	void whatTheKernelShowsOfTheServerIsRefused(String name) {
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(Path.of(name)));
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc")
	void linksToWhatTheKernelShowsOfTheServerAreRefused() throws Exception {
		Path file = Files.createSymbolicLink(this.folder.resolve("file"), Path.of("/proc/self/environ"));
		Path directory = Files.createSymbolicLink(this.folder.resolve("directory"), Path.of("/proc/self"));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(file));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(directory.resolve("environ")));
	}

	@Test
	void textOfAConverterIsTheReply() throws Exception {
		PipeReply reply = converting("text").convert(42, PipeRequest.of(""), ClientRights.ofThread());
		assertThat(reply.body().text()).isEqualTo("text");
	}

	@ParameterizedTest
	@ValueSource(ints = { 42, 43 })
	void resultThatAConverterMakesNoTextAndNoBytesOfIsRefused(int payload) {
		assertThatIllegalStateException()
			.isThrownBy(() -> converting(payload).convert(42, PipeRequest.of(""), ClientRights.ofThread()))
			.withMessage("No message converter turns java.lang.Integer into a reply");
	}

	private static ReplyConverter converting(Object payload) {
		MessageConverter converter = new MessageConverter() {

			@Override
			public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
				return null;
			}

			@Override
			public Message<?> toMessage(Object result, @Nullable MessageHeaders headers) {
				return new GenericMessage<>(payload);
			}

		};
		return new ReplyConverter(new BodyMessageConverter(List.of(converter), new StringMessageConverter()),
				FileOpener.portable());
	}

	private String content(Path path) throws Exception {
		PipeReply reply = this.converter.convert(new FileSystemResource(path), PipeRequest.of(""),
				ClientRights.ofThread());
		try (InputStream stream = reply.body().stream()) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
