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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeType;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.autoconfigure.PipeRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signatures of handlers that cannot work are errors at start-up.
 */
@Timeout(120)
class HandlerSignatureTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withClassLoader(new FilteredClassLoader("tools.jackson"));

	@Test
	void bytesAreThePayloadAsItIs() {
		EndpointAssertions.assertServes(this.runner.withUserConfiguration(Bytes.class), "1 byte");
	}

	@Test
	void listOfTextsIsMadeOfAText() {
		EndpointAssertions.assertServes(this.runner.withUserConfiguration(TextList.class), "[x]");
	}

	@ParameterizedTest
	@ValueSource(classes = { DtoPayload.class, ListPayload.class, MessageOfDto.class, MessageOfBytes.class,
			MapPayload.class, DtoInExceptionHandler.class })
	void payloadThatNothingConvertsIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), endpoint.getName(),
				"nothing turns a request into its parameter", "MessageConverter");
	}

	@ParameterizedTest
	@ValueSource(classes = { DtoResult.class, IntResult.class, OptionalResult.class, ListResult.class,
			StageResult.class, MessageResult.class, ExceptionHandlerResult.class })
	void resultThatNothingConvertsIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), endpoint.getName(),
				"nothing turns its result", "MessageConverter");
	}

	@Test
	void variableOfARouteIsRefusedIfRoutesHaveNone() {
		EndpointAssertions.assertRefused(
				this.runner.withPropertyValues("namedpipe.server.protocol=stream-string")
					.withUserConfiguration(RouteVariable.class),
				RouteVariable.class.getName(), "comes from a variable of a route");
	}

	@Test
	void resultThatIsNoFileIsRefusedIfOnlyFilesAreOpenedAsTheCaller() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(TextAsFile.class),
				TextAsFile.class.getName(), "returns java.lang.String and not a Path or Resource");
	}

	@Test
	void headerThatTheProtocolDoesNotCarryIsRefused() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(ForeignHeader.class),
				ForeignHeader.class.getName(),
				"its parameter java.lang.String colour is a header, and requests of the protocol stream-string have");
		this.runner.withPropertyValues("namedpipe.server.protocol=http")
			.withUserConfiguration(ForeignHeader.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void runAsClientOnABeanThatIsNoEndpointIsRefused() {
		this.runner.withUserConfiguration(Bytes.class, NoEndpoint.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidPipeEndpointException.class)
				.hasMessageContaining(NoEndpoint.class.getName())
				.hasMessageContaining("nothing would run as the client"));
	}

	@Test
	void exceptionHandlerThatAnswersLaterIsRefused() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(LateExceptionHandler.class),
				"LateExceptionHandler", "returns no CompletionStage");
	}

	@Test
	void exceptionHandlersThatCannotBeToldApartAreRefused() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(AmbiguousExceptionHandlers.class),
				"@MessageExceptionHandler methods of", "AmbiguousExceptionHandlers");
	}

	@ParameterizedTest
	@ValueSource(classes = { DtoPayload.class, ListPayload.class, MessageOfDto.class, MapPayload.class, DtoResult.class,
			IntResult.class, OptionalResult.class, StageResult.class, MessageResult.class })
	void converterOfTheApplicationIsAskedByTheFirstRequest(Class<?> endpoint) {
		this.runner.withUserConfiguration(endpoint)
			.withBean(MessageConverter.class, DtoConverter::new)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	record Dto(String name, int size) {
	}

	private static final class DtoConverter extends AbstractMessageConverter {

		DtoConverter() {
			super(List.<MimeType>of());
			setStrictContentTypeMatch(false);
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == Dto.class;
		}

		@Override
		protected Object convertToInternal(Object payload, MessageHeaders headers, Object hint) {
			return payload.toString();
		}

	}

	@PipeEndpoint("files")
	static class RouteVariable {

		@PipeMapping("read/{name}")
		String read(@DestinationVariable String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class TextAsFile {

		@PipeMapping
		@RunAsClient(RunAsClient.Extent.FILE)
		String read(@Payload String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class ForeignHeader {

		@PipeMapping
		String read(@Header("x-colour") String colour) {
			return colour;
		}

	}

	@Component
	static class NoEndpoint {

		@RunAsClient
		String read() {
			return "as the server";
		}

	}

	@PipeEndpoint("files")
	static class Bytes {

		@PipeMapping
		String read(@Payload byte[] bytes) {
			return bytes.length + " byte";
		}

	}

	@PipeEndpoint("files")
	static class TextList {

		@PipeMapping
		String read(@Payload List<String> texts) {
			return texts.toString();
		}

	}

	@PipeEndpoint("files")
	static class DtoPayload {

		@PipeMapping
		String read(@Payload Dto dto) {
			return dto.name();
		}

	}

	@PipeEndpoint("files")
	static class ListPayload {

		@PipeMapping
		String read(@Payload List<Integer> numbers) {
			return "x" + numbers.get(0);
		}

	}

	@PipeEndpoint("files")
	static class MapPayload {

		@PipeMapping
		String read(Map<String, String> map) {
			return "x" + map;
		}

	}

	@PipeEndpoint("files")
	static class MessageOfDto {

		@PipeMapping
		String read(Message<Dto> message) {
			return message.getPayload().name();
		}

	}

	@PipeEndpoint("files")
	static class MessageOfBytes {

		@PipeMapping
		String read(Message<byte[]> message) {
			return "x" + message.getPayload().length;
		}

	}

	@PipeEndpoint("files")
	static class DtoInExceptionHandler {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

		@MessageExceptionHandler
		String handle(IllegalStateException ex, @Payload Dto dto) {
			return ex.getMessage() + dto;
		}

	}

	@PipeEndpoint("files")
	static class DtoResult {

		@PipeMapping
		Dto read(@Payload String text) {
			return new Dto(text, 1);
		}

	}

	@PipeEndpoint("files")
	static class IntResult {

		@PipeMapping
		int read(InputStream text) {
			return 1;
		}

	}

	@PipeEndpoint("files")
	static class OptionalResult {

		@PipeMapping
		Optional<String> read(@Payload String text) {
			return Optional.of(text);
		}

	}

	@PipeEndpoint("files")
	static class ListResult {

		@PipeMapping
		List<String> read(@Payload String text) {
			return List.of(text);
		}

	}

	@PipeEndpoint("files")
	static class StageResult {

		@PipeMapping
		CompletionStage<Dto> read(@Payload String text) {
			return CompletableFuture.completedStage(new Dto(text, 1));
		}

	}

	@PipeEndpoint("files")
	static class MessageResult {

		@PipeMapping
		Message<Dto> read(Message<String> message) {
			throw new IllegalStateException();
		}

	}

	@PipeEndpoint("files")
	static class ExceptionHandlerResult {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

		@MessageExceptionHandler
		Dto handle(IllegalStateException ex) {
			return new Dto(String.valueOf(ex.getMessage()), 1);
		}

	}

	@PipeEndpoint("files")
	static class LateExceptionHandler {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

		@MessageExceptionHandler
		CompletionStage<String> handle(IllegalStateException ex) {
			return CompletableFuture.completedStage("late");
		}

	}

	@PipeEndpoint("files")
	static class AmbiguousExceptionHandlers {

		@PipeMapping
		String read(@Payload String text) {
			return text;
		}

		@MessageExceptionHandler
		String one(IllegalStateException ex) {
			return "one";
		}

		@MessageExceptionHandler
		String other(IllegalStateException ex) {
			return "other";
		}

	}

}
