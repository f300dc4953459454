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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Endpoints whose class is validated, by Spring's proxy.
 */
@Timeout(120)
class MethodValidationTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http")
		.withUserConfiguration(Validation.class);

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void violationIsABadRequestWithItsFields(boolean adapted) {
		this.runner.withUserConfiguration(Endpoint.class)
			.withPropertyValues("test.adapted=" + adapted)
			.run((context) -> {
				assertThat(RawHttp.call(context, "GET /depth/3").text()).isEqualTo("3");
				assertRefused(RawHttp.call(context, "GET /depth/30"), "{\"depth\":\"must be at most 9\"}");
				assertRefused(RawHttp.post(context, "/item", "application/json", "{\"name\":\"secret\"}"),
						"{\"name\":\"must be short\"}");
				assertRefused(
						RawHttp.post(context, "/items", "application/json", "[{\"name\":\"a\"},{\"name\":\"secret\"}]"),
						"{\"name\":\"must be short\"}");
				assertRefused(RawHttp.post(context, "/names", "application/json", "[\"a\",\" \"]"),
						"{\"names[1]\":\"must say something\"}");
				assertRefused(RawHttp.post(context, "/ranges", "application/json", "[{\"from\":2,\"to\":1}]"),
						"{\"ranges[0]\":\"must not be empty\"}");
				assertThat(RawHttp.call(context, "GET /depth/30").text())
					.contains("the request is not valid: depth must be at most 9\"");
			});
	}

	@Test
	void everyRuleThatAParameterBreaksIsNamed() {
		this.runner.withUserConfiguration(Endpoint.class)
			.run((context) -> assertThat(RawHttp.call(context, "GET /code/abc").text()).containsAnyOf(
					"{\"code\":\"must be short, must be a number\"}",
					"{\"code\":\"must be a number, must be short\"}"));
	}

	@ParameterizedTest
	@ValueSource(classes = { UncheckedParameter.class, UncheckedElements.class })
	void constraintThatNothingChecksIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), endpoint.getName(),
				"has a constraint that nothing checks; annotate the class with @Validated");
	}

	@ParameterizedTest
	@CsvSource({ "true, /result", "false, /result", "true, /service", "false, /service" })
	void violationThatTheRequestHasNotDoneIsAFailureOfTheServer(boolean adapted, String target) {
		this.runner.withUserConfiguration(Endpoint.class)
			.withPropertyValues("test.adapted=" + adapted)
			.run((context) -> {
				Reply answer = RawHttp.call(context, "GET " + target);
				assertThat(answer.status()).isEqualTo(500);
				assertThat(answer.text()).contains("\"code\":\"INTERNAL\"").doesNotContain("must");
			});
	}

	@Test
	void exceptionHandlerComesFirst() {
		this.runner.withUserConfiguration(WithExceptionHandler.class)
			.run((context) -> assertThat(RawHttp.call(context, "GET /depth/30").text()).isEqualTo("1 violation"));
	}

	private static void assertRefused(Reply answer, String fields) {
		assertThat(answer.text()).endsWith(",\"fields\":" + fields + "}")
			.contains("\"code\":\"BAD_REQUEST\"")
			.doesNotContain("secret", "30");
		assertThat(answer.status()).isEqualTo(400);
	}

	@Configuration(proxyBeanMethods = false)
	static class Validation {

		@Bean
		static LocalValidatorFactoryBean validator() {
			LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
			validator.setMessageInterpolator(new ParameterMessageInterpolator());
			return validator;
		}

		@Bean
		static MethodValidationPostProcessor methodValidation(LocalValidatorFactoryBean validator,
				Environment environment) {
			MethodValidationPostProcessor processor = new MethodValidationPostProcessor();
			processor.setValidator(validator);
			processor.setProxyTargetClass(true);
			processor.setAdaptConstraintViolations(environment.getProperty("test.adapted", Boolean.class, false));
			return processor;
		}

		@Bean
		static Service service() {
			return new Service();
		}

	}

	@Validated
	static class Service {

		String call(@Size(max = 1, message = "must be short") String depth) {
			return depth;
		}

	}

	@Validated
	@PipeEndpoint("files")
	static class Endpoint {

		private final Service service;

		Endpoint(Service service) {
			this.service = service;
		}

		@PipeMapping("depth/{depth}")
		int depth(@DestinationVariable @Max(value = 9, message = "must be at most 9") int depth) {
			return depth;
		}

		@PipeMapping("item")
		String item(@Valid @Payload Item item) {
			return item.name();
		}

		@PipeMapping("items")
		int items(@Payload List<@Valid Item> items) {
			return items.size();
		}

		@PipeMapping("names")
		int names(@Payload List<@NotBlank(message = "must say something") String> names) {
			return names.size();
		}

		@PipeMapping("code/{code}")
		String code(@DestinationVariable @Size(max = 2, message = "must be short") @Pattern(regexp = "[0-9]+",
				message = "must be a number") String code) {
			return code;
		}

		@PipeMapping("ranges")
		int ranges(@Payload List<@Valid Range> ranges) {
			return ranges.size();
		}

		@PipeMapping("result")
		@Size(max = 1, message = "must be short")
		String result() {
			return "long";
		}

		@PipeMapping("service")
		String service() {
			return this.service.call("long");
		}

	}

	@Validated
	@PipeEndpoint("files")
	static class WithExceptionHandler {

		@PipeMapping("depth/{depth}")
		int depth(@DestinationVariable @Max(9) int depth) {
			return depth;
		}

		@MessageExceptionHandler
		String handle(ConstraintViolationException ex) {
			return ex.getConstraintViolations().size() + " violation";
		}

	}

	@PipeEndpoint("files")
	static class UncheckedParameter {

		@PipeMapping("item")
		String item(@Payload @Size(max = 3) String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class UncheckedElements {

		@PipeMapping("names")
		int names(@Payload List<@NotBlank String> names) {
			return names.size();
		}

	}

	@Ordered
	record Range(int from, int to) {
	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@Constraint(validatedBy = OrderedValidator.class)
	@interface Ordered {

		String message() default "must not be empty";

		Class<?>[] groups() default {};

		Class<? extends jakarta.validation.Payload>[] payload() default {};

	}

	/**
	 * Validates ranges.
	 */
	public static class OrderedValidator implements ConstraintValidator<Ordered, Range> {

		@Override
		public boolean isValid(Range range, ConstraintValidatorContext context) {
			return range.from() <= range.to();
		}

	}

	record Item(@Size(max = 3, message = "must be short") String name) {

	}

}
