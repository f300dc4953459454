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
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeFailureCode;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How requests fail: with the code that the application chose, without the client's
 * content, and with a stack trace where the server is at fault.
 */
@Timeout(120)
class FailureCodeTests {

	private final String pipe = Pipes.uniqueName();

	private final ApplicationContextRunner runner = PipeRunner.create().withPropertyValues("test.pipe=" + this.pipe);

	private String refusal(ApplicationContext context, String text, boolean stackTrace) {
		try (LogCapture log = LogCapture.of("'" + this.pipe + "'")) {
			assertThatExceptionOfType(PipeNoReplyException.class)
				.isThrownBy(() -> PipeRunner.ask(context, this.pipe, text));
			await().untilAsserted(() -> assertThat(log.lines()).hasSize(stackTrace ? 2 : 1));
			assertThat(log.hasStackTrace()).isEqualTo(stackTrace);
			assertThat(log.events()).allSatisfy((event) -> {
				assertThat(event.getFormattedMessage()).doesNotContain("secret");
				if (event.getThrowableProxy() != null) {
					assertThat(ThrowableProxyUtil.asString(event.getThrowableProxy())).doesNotContain("secret");
				}
			});
			String line = log.lines().get(log.lines().size() - 1);
			return line.substring(line.indexOf(" refused, ") + " refused, ".length());
		}
	}

	@ParameterizedTest
	@CsvSource({ "annotated, NOT_FOUND: no such report", "meta-annotated, BUSY: later", "subclass, NOT_FOUND: special",
			"annotated cause, NOT_FOUND: no such report", "undeclared, ACCESS_DENIED: permission denied: a.txt",
			"undeclared stage, NOT_FOUND: no such file: a.txt", "undeclared code, BUSY: come back",
			"annotated stage, NOT_FOUND: no such report", "annotated I/O, TOO_LARGE: much",
			"no message, NOT_FOUND: NoSuchReportException", "exception with a code, BUSY: come back",
			"returned failure, ACCESS_DENIED: not for you", "returned later, ACCESS_DENIED: not for you",
			"failure of an exception handler, TIMEOUT: handled",
			"exception of an exception handler, NOT_FOUND: from the handler" })
	void failureHasTheCodeOfTheApplication(String kind, String expected) {
		this.runner.withUserConfiguration(Coded.class)
			.run((context) -> assertThat(refusal(context, kind, false)).isEqualTo(expected));
	}

	@Test
	void codeOfAServersDefectKeepsTheStackTrace() {
		this.runner.withUserConfiguration(Coded.class)
			.run((context) -> assertThat(refusal(context, "annotated defect", true)).startsWith("INTERNAL: "));
	}

	@ParameterizedTest
	@ValueSource(classes = { NumberPayload.class, MessageOfNumber.class })
	void payloadThatDoesNotConvertIsNotMentioned(Class<?> endpoint) {
		this.runner.withUserConfiguration(endpoint)
			.run((context) -> assertThat(refusal(context, "a secret", false))
				.startsWith("BAD_REQUEST: the request (8 characters) is not what the route takes: it makes no ")
				.endsWith(" for the parameter 1 of %s.read".formatted(endpoint.getName())));
	}

	@Test
	void payloadIsNotMentionedWhereAnExceptionHandlersParameterDoesNotConvert() {
		this.runner.withUserConfiguration(NumberInExceptionHandler.class)
			.run((context) -> assertThat(refusal(context, "a secret", false)).startsWith("BAD_REQUEST: "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "conversion secret", "handling secret" })
	void messagingExceptionOfAHandlerIsADefectThatDoesNotMentionTheRequest(String text) {
		this.runner.withUserConfiguration(MessagingDefect.class)
			.run((context) -> assertThat(refusal(context, text, true)).startsWith("INTERNAL: "));
	}

	@Test
	void resultThatDoesNotConvertIsADefectOfTheServer() {
		this.runner.withUserConfiguration(NumberResult.class)
			.withBean(MessageConverter.class, FailingConverter::new)
			.run((context) -> assertThat(refusal(context, "x", true)).startsWith("INTERNAL: "));
	}

	@PipeFailureCode(Code.NOT_FOUND)
	static class NoSuchReportException extends RuntimeException {

		NoSuchReportException(String message) {
			super(message);
		}

	}

	static class SpecialReportException extends NoSuchReportException {

		SpecialReportException() {
			super("special");
		}

	}

	@PipeFailureCode(Code.BUSY)
	@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
	@interface Later {

	}

	@Later
	static class LaterException extends Exception {

		LaterException() {
			super("later");
		}

	}

	@PipeFailureCode(Code.TOO_LARGE)
	static class MuchException extends IOException {

		MuchException() {
			super("much");
		}

	}

	@PipeFailureCode(Code.INTERNAL)
	static class DefectException extends RuntimeException {

		DefectException() {
			super("defect");
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class Coded {

		private static final PipeFailure FAILURE = new PipeFailure(Code.ACCESS_DENIED, "not for you");

		@PipeMapping
		Object read(@Payload String kind) throws Exception {
			return switch (kind) {
				case "annotated" -> throw new NoSuchReportException("no such report");
				case "meta-annotated" -> throw new LaterException();
				case "subclass" -> throw new SpecialReportException();
				case "annotated cause" -> throw new IllegalStateException(new NoSuchReportException("no such report"));
				case "annotated stage" -> CompletableFuture.failedStage(new NoSuchReportException("no such report"));
				case "undeclared" -> throw new UndeclaredThrowableException(new AccessDeniedException("a.txt"));
				case "undeclared stage" -> CompletableFuture.failedStage(
						new CompletionException(new UndeclaredThrowableException(new NoSuchFileException("a.txt"))));
				case "undeclared code" ->
					throw new UndeclaredThrowableException(new PipeRequestException(Code.BUSY, "come back"));
				case "annotated I/O" -> throw new MuchException();
				case "annotated defect" -> throw new DefectException();
				case "no message" -> throw new NoSuchReportException("");
				case "exception with a code" -> throw new PipeRequestException(Code.BUSY, "come back");
				case "returned failure" -> FAILURE;
				case "returned later" -> later();
				case "failure of an exception handler" -> throw new UnsupportedOperationException();
				case "exception of an exception handler" -> throw new ArithmeticException();
				default -> throw new AssertionError(kind);
			};
		}

		private static CompletionStage<PipeFailure> later() {
			return CompletableFuture.supplyAsync(() -> FAILURE);
		}

		@MessageExceptionHandler
		PipeFailure handle(UnsupportedOperationException ex) {
			return new PipeFailure(Code.TIMEOUT, "handled");
		}

		@MessageExceptionHandler
		String handle(ArithmeticException ex) {
			throw new NoSuchReportException("from the handler");
		}

		@MessageExceptionHandler
		String handle(PipeRequestException ex) {
			if (ex.getCode() == Code.ACCESS_DENIED) {
				throw new IllegalStateException("Nothing was thrown");
			}
			throw ex;
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class NumberPayload {

		@PipeMapping
		String read(@Payload int number) {
			return "read " + number;
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class MessageOfNumber {

		@PipeMapping
		String read(Message<Integer> number) {
			return "read " + number;
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class NumberInExceptionHandler {

		@PipeMapping
		String read(@Payload String text) {
			throw new IllegalStateException();
		}

		@MessageExceptionHandler
		String handle(IllegalStateException ex, @Payload int number) {
			return "handled " + number;
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class MessagingDefect {

		@PipeMapping
		String read(Message<String> message) {
			if (message.getPayload().startsWith("conversion")) {
				throw new MessageConversionException(message, "another message");
			}
			throw new MessageHandlingException(message, "no");
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class NumberResult {

		@PipeMapping
		Integer read(@Payload String text) {
			return 1;
		}

	}

	private static final class FailingConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			return null;
		}

		@Override
		public Message<?> toMessage(Object payload, MessageHeaders headers) {
			throw new MessageConversionException("cannot be written");
		}

	}

}
