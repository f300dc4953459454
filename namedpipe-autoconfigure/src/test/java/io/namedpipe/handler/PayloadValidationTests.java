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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.util.MimeType;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Payloads that are validated, or look as if they were.
 */
@Timeout(120)
class PayloadValidationTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withBean(MessageConverter.class, FileConverter::new);

	private final ApplicationContextRunner validating = this.runner.withBean(SmartValidator.class, FileValidator::new);

	@Test
	void validPayloadIsHandled() {
		EndpointAssertions.assertServes(this.validating.withUserConfiguration(ValidatedPayload.class), "read x");
	}

	@Test
	void invalidPayloadIsABadRequestWithTheFieldsAndWithoutContent() {
		this.validating.withPropertyValues("namedpipe.server.pipes.files.name=validated")
			.withUserConfiguration(ValidatedPayload.class)
			.run((context) -> {
				try (LogCapture log = LogCapture.of("BAD_REQUEST: the payload is not valid: labels[*]")) {
					assertThatExceptionOfType(PipeNoReplyException.class)
						.isThrownBy(() -> PipeRunner.ask(context, "validated", "secret"));
					await().untilAsserted(() -> assertThat(log.lines()).singleElement()
						.asString()
						.endsWith(
								"BAD_REQUEST: the payload is not valid: labels[*] must be known, name must be short"));
					assertThat(log.hasStackTrace()).isFalse();
				}
			});
	}

	@Test
	void exceptionHandlerSeesTheErrors() {
		EndpointAssertions.assertServes(this.validating.withUserConfiguration(WithExceptionHandler.class), "2 errors");
	}

	@ParameterizedTest
	@ValueSource(classes = { ValidatedPayload.class, ValidatedList.class })
	void validationWithoutAValidatorIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), "is to be validated",
				"there is no validator", "spring-boot-starter-validation");
	}

	@ParameterizedTest
	@ValueSource(
			classes = { ValidatedList.class, ValidatedElements.class, ValidatedMessage.class, ValidatedBytes.class })
	void validationThatWouldNotTakePlaceIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.validating.withUserConfiguration(endpoint), endpoint.getName(),
				"annotate the class with @Validated");
	}

	@Test
	void otherAnnotationsAskForNoValidation() {
		this.runner.withUserConfiguration(AnnotatedElements.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void validationOfMethodsIsLeftToTheProxy() {
		this.validating.withBean(MethodValidationPostProcessor.class, () -> mock(MethodValidationPostProcessor.class))
			.withUserConfiguration(ValidatedByProxy.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void validatedClassWithoutProxiesIsRefused() {
		EndpointAssertions.assertRefused(this.validating.withUserConfiguration(ValidatedByProxy.class),
				ValidatedByProxy.class.getName(), "its class is @Validated", "MethodValidationPostProcessor");
	}

	/**
	 * The properties that are validated.
	 */
	public interface Described {

		String getName();

		Map<String, String> getLabels();

	}

	record File(String name) implements Described {

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public Map<String, String> getLabels() {
			return Map.of();
		}

	}

	private static final class FileConverter extends AbstractMessageConverter {

		FileConverter() {
			super(List.<MimeType>of());
			setStrictContentTypeMatch(false);
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == File.class;
		}

		@Override
		protected Object convertFromInternal(Message<?> message, Class<?> targetClass, Object hint) {
			return new File(message.getPayload().toString());
		}

		@Override
		protected Object convertToInternal(Object payload, MessageHeaders headers, Object hint) {
			throw new UnsupportedOperationException();
		}

	}

	private static final class FileValidator implements SmartValidator {

		@Override
		public boolean supports(Class<?> type) {
			return true;
		}

		@Override
		public void validate(Object target, Errors errors, Object... hints) {
			validate(target, errors);
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (target instanceof File file && file.name().length() > 3) {
				errors.rejectValue("name", "short", "must be short");
				errors.rejectValue("labels[secret]", "known", "must be known");
			}
		}

	}

	@PipeEndpoint("files")
	static class ValidatedPayload {

		@PipeMapping
		String read(@Validated @Payload File file) {
			return "read " + file.name();
		}

	}

	@PipeEndpoint("files")
	static class WithExceptionHandler {

		@PipeMapping
		String read(@Validated File file) {
			throw new IllegalStateException("called with " + file);
		}

		@MessageExceptionHandler
		String handle(MethodArgumentNotValidException ex) {
			return ex.getBindingResult().getErrorCount() + " errors";
		}

		@MessageExceptionHandler
		String handle(IllegalStateException ex) {
			return "2 errors";
		}

	}

	@PipeEndpoint("files")
	static class ValidatedList {

		@PipeMapping
		String read(@Validated @Payload List<File> files) {
			return "read " + files;
		}

	}

	@PipeEndpoint("files")
	static class ValidatedElements {

		@PipeMapping
		String read(@Payload List<@ValidElement File> files) {
			return "read " + files;
		}

	}

	@PipeEndpoint("files")
	static class AnnotatedElements {

		@PipeMapping
		String read(@Payload List<@Nullable File> files) {
			return "read " + files;
		}

	}

	@PipeEndpoint("files")
	static class ValidatedMessage {

		@PipeMapping
		String read(@Validated Message<File> message) {
			return "read " + message;
		}

	}

	@PipeEndpoint("files")
	static class ValidatedBytes {

		@PipeMapping
		String read(@Validated byte[] bytes) {
			return "read " + bytes.length;
		}

	}

	@Validated
	@PipeEndpoint("files")
	static class ValidatedByProxy {

		@PipeMapping
		String read(@Payload List<@ValidElement File> files) {
			return "read " + files;
		}

	}

	/**
	 * Taken for a request to validate, since its name begins so.
	 */
	@java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE)
	@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
	@interface ValidElement {

	}

}
