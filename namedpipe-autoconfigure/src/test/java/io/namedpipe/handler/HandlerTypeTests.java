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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import tools.jackson.databind.annotation.JsonDeserialize;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Types of payloads and results that no converter knows are errors at start-up.
 */
@Timeout(120)
class HandlerTypeTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void typeVariableIsWhatTheClassSaysItIs() {
		ApplicationContextRunner withoutJson = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		EndpointAssertions.assertRefused(withoutJson.withUserConfiguration(InheritedPayload.class),
				Inheritable.class.getName(), "nothing turns a request into its parameter " + Dto.class.getName());
		EndpointAssertions.assertRefused(withoutJson.withUserConfiguration(InheritedResult.class),
				Inheritable.class.getName(), "nothing turns its result, " + Dto.class.getName());
	}

	@ParameterizedTest
	@ValueSource(classes = { ReaderPayload.class, ResourcesPayload.class, OutputPayload.class, ReaderResult.class,
			ResourcesResult.class, ChannelResult.class, EntityResult.class })
	void streamThatJsonDoesNotKnowIsRefused(Class<?> endpoint) {
		ApplicationContextRunner json = this.runner.withUserConfiguration(endpoint);
		EndpointAssertions.assertRefused(json, endpoint.getName(), "nothing turns ");
		json.withBean(MessageConverter.class, () -> mock(MessageConverter.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(classes = { SealedPayload.class, InterfaceMessage.class, IteratorPayload.class, StreamPayload.class,
			AbstractPayload.class })
	void abstractPayloadThatNoJsonCanBecomeIsRefused(Class<?> endpoint) {
		ApplicationContextRunner json = this.runner.withUserConfiguration(endpoint);
		EndpointAssertions.assertRefused(json, endpoint.getName(), "nothing turns a request into its parameter ");
		json.withBean(MessageConverter.class, () -> mock(MessageConverter.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void abstractPayloadsThatJsonKnowsAreTaken() {
		this.runner.withPropertyValues("namedpipe.server.protocol=http")
			.withUserConfiguration(AbstractPayloads.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(
						RawHttp.post(context, "/typed", "application/json", "{\"type\":\"known\",\"size\":3}").text())
					.isEqualTo("Known[size=3]");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { AbsentNumber.class, AbsentHeader.class })
	void primitiveThatNeedNotBeThereIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(
				this.runner.withPropertyValues("namedpipe.server.protocol=http").withUserConfiguration(endpoint),
				endpoint.getName(), "need not be there, and cannot be null");
	}

	@Test
	void streamOfAMessageIsTheTextInBytes() {
		EndpointAssertions.assertServes(this.runner.withUserConfiguration(MessageOfStream.class), "1 byte");
	}

	static class Inheritable<T, R> {

		@PipeMapping
		R read(@Payload T payload) {
			throw new IllegalStateException();
		}

	}

	@PipeEndpoint("files")
	static class InheritedPayload extends Inheritable<Dto, String> {

	}

	@PipeEndpoint("files")
	static class InheritedResult extends Inheritable<String, Dto> {

	}

	@PipeEndpoint("files")
	static class ReaderPayload {

		@PipeMapping
		void read(@Payload Reader reader) {
		}

	}

	@PipeEndpoint("files")
	static class ResourcesPayload {

		@PipeMapping
		void read(@Payload List<Resource> resources) {
		}

	}

	@PipeEndpoint("files")
	static class OutputPayload {

		@PipeMapping
		void read(OutputStream stream) {
		}

	}

	@PipeEndpoint("files")
	static class ReaderResult {

		@PipeMapping
		Reader read() {
			return Reader.nullReader();
		}

	}

	@PipeEndpoint("files")
	static class ResourcesResult {

		@PipeMapping
		Map<String, Resource> read() {
			return Map.of();
		}

	}

	@PipeEndpoint("files")
	static class ChannelResult {

		@PipeMapping
		ReadableByteChannel read() {
			return Channels.newChannel(InputStream.nullInputStream());
		}

	}

	@PipeEndpoint("files")
	static class EntityResult {

		@PipeMapping
		ResponseEntity<Dto> read() {
			return ResponseEntity.ok(new Dto("a", 1));
		}

	}

	@PipeEndpoint("files")
	static class AbsentNumber {

		@PipeMapping
		void read(@Payload(required = false) int number) {
		}

	}

	@PipeEndpoint("files")
	static class AbsentHeader {

		@PipeMapping
		void read(@Header(name = "x-n", required = false) long number) {
		}

	}

	@PipeEndpoint("files")
	static class MessageOfStream {

		@PipeMapping
		String read(Message<InputStream> message) throws IOException {
			return message.getPayload().readAllBytes().length + " byte";
		}

	}

	record Dto(String name, int size) {

	}

	sealed interface Shape permits Circle {

	}

	record Circle(int radius) implements Shape {

	}

	abstract static class Base {

	}

	@PipeEndpoint("files")
	static class SealedPayload {

		@PipeMapping
		String read(@Payload Shape shape) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class InterfaceMessage {

		@PipeMapping
		String read(Message<Shape> shape) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class IteratorPayload {

		@PipeMapping
		String read(@Payload Iterator<String> texts) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class StreamPayload {

		@PipeMapping
		String read(@Payload Stream<String> texts) {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class AbstractPayload {

		@PipeMapping
		String read(@Payload Base base) {
			return "";
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes(@JsonSubTypes.Type(value = Known.class, name = "known"))
	interface Typed {

	}

	record Known(int size) implements Typed {

	}

	@JsonDeserialize(as = Known.class)
	interface Mapped {

	}

	@PipeEndpoint("files")
	static class AbstractPayloads {

		@PipeMapping("typed")
		String typed(@Payload Typed typed) {
			return typed.toString();
		}

		@PipeMapping("mapped")
		String mapped(@Payload Mapped mapped) {
			return mapped.toString();
		}

		@PipeMapping("list")
		int list(@Payload List<Map<String, Integer>> list) {
			return list.size();
		}

		@PipeMapping("iterable")
		String iterable(@Payload Iterable<Dto> list) {
			return list.toString();
		}

		@PipeMapping("number")
		String number(@Payload Number number) {
			return number.toString();
		}

		@PipeMapping("chars")
		int chars(@Payload CharSequence text) {
			return text.length();
		}

		@PipeMapping("path")
		String path(@Payload Path path) {
			return path.toString();
		}

		@PipeMapping("zone")
		String zone(@Payload ZoneId zone) {
			return zone.getId();
		}

	}

}
