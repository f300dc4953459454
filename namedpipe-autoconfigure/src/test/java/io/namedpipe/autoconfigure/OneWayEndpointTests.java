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

package io.namedpipe.autoconfigure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handlers on pipes that go one way.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "'unix' is one of the transports")
class OneWayEndpointTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner(String transport, String direction) {
		return PipeRunner.create()
			.withPropertyValues("namedpipe.transport=" + transport, "namedpipe.unix.directory=" + this.directory,
					"namedpipe.server.pipes.lines.protocol=raw", "namedpipe.server.pipes.lines.direction=" + direction,
					"namedpipe.client.default-pipe=lines");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "unix" })
	void clientsFireAndForget(String transport) {
		runner(transport, "inbound").withUserConfiguration(Sink.class).run((context) -> {
			PipeTemplate template = context.getBean(PipeTemplate.class);
			for (String text : new String[] { "one", "two" }) {
				template.execute((channel) -> {
					channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
					return null;
				});
				assertThat(context.getBean(Sink.class).received.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
			}
			assertThatExceptionOfType(PipeUnsupportedException.class)
				.isThrownBy(() -> template.execute((channel) -> channel.read(ByteBuffer.allocate(1))))
				.withMessageContaining("one way");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "unix" })
	void serverFeeds(String transport) {
		runner(transport, "outbound").withUserConfiguration(Feed.class).run((context) -> {
			PipeTemplate template = context.getBean(PipeTemplate.class);
			byte[] bytes = template.execute((channel) -> {
				ByteBuffer buffer = ByteBuffer.allocate(300_000);
				channel.readFully(buffer);
				assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
				return buffer.array();
			});
			assertThat(bytes).hasSize(300_000).containsOnly(7);
			assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> template.execute((channel) -> {
				channel.write(ByteBuffer.allocate(1));
				return null;
			}));
		});
	}

	@ParameterizedTest
	@CsvSource({ "stream-string, inbound", "http, outbound" })
	void protocolThatAnswersNeedsBothWays(String protocol, String direction) {
		runner("memory", direction).withPropertyValues("namedpipe.server.pipes.lines.protocol=" + protocol)
			.withUserConfiguration(Answering.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PipeUnsupportedException.class)
				.hasMessageContaining("'%s' answers".formatted(protocol))
				.hasMessageContaining("'raw'"));
	}

	@PipeEndpoint("lines")
	static class Sink {

		final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@PipeMapping
		void take(PipeChannel channel) throws IOException {
			this.received.add(new String(channel.inputStream().readAllBytes(), StandardCharsets.UTF_8));
		}

	}

	@PipeEndpoint("lines")
	static class Feed {

		@PipeMapping
		void feed(PipeChannel channel) {
			byte[] bytes = new byte[300_000];
			Arrays.fill(bytes, (byte) 7);
			channel.write(ByteBuffer.wrap(bytes));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Answering {

		@Bean
		Answer answer() {
			return new Answer();
		}

	}

	@PipeEndpoint("lines")
	static class Answer {

		@PipeMapping
		String answer() {
			return "";
		}

	}

}
