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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.annotation.Validated;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;

/**
 * Constraints that nothing would check are errors at start-up.
 */
@Timeout(120)
class UncheckedConstraintTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http")
		.withUserConfiguration(MethodValidationTests.Validation.class);

	@ParameterizedTest
	@ValueSource(classes = { ValidatedMethod.class, ConstrainedResult.class, ValidResult.class, ValidElements.class,
			RepeatedOnResult.class, RepeatedOnParameter.class, ValidInArray.class, ConstrainedHeader.class,
			ConstrainedQuery.class, ConstrainedExceptionHandler.class, OfInterface.class, OfGenericInterface.class,
			ResultOfInterface.class, OfSuperClass.class, OfInterfaceOfSubclass.class })
	void constraintThatNothingChecksIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), "UncheckedConstraintTests$",
				"has a constraint that nothing checks; annotate the class with @Validated");
	}

	@Test
	void methodThatAProxyDoesNotReachIsRefused() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(FinalMethod.class),
				FinalMethod.class.getName(), "it is final");
	}

	@PipeEndpoint("files")
	static class ValidatedMethod {

		@PipeMapping
		@Validated
		String read(@Payload Item item) {
			return item.name();
		}

	}

	@PipeEndpoint("files")
	static class ConstrainedResult {

		@PipeMapping
		@NotBlank
		String read() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class ValidResult {

		@PipeMapping
		@Valid
		Item read() {
			return new Item("long");
		}

	}

	@PipeEndpoint("files")
	static class ValidElements {

		@PipeMapping
		CompletionStage<List<@Valid Item>> read() {
			return CompletableFuture.completedStage(List.of(new Item("long")));
		}

	}

	@PipeEndpoint("files")
	static class RepeatedOnResult {

		@PipeMapping
		@Size(min = 1)
		@Size(max = 2)
		String read() {
			return "long";
		}

	}

	@PipeEndpoint("files")
	static class RepeatedOnParameter {

		@PipeMapping
		String read(@Payload @Size(min = 1) @Size(max = 2) String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class ValidInArray {

		@PipeMapping
		int read(@Payload List<@Valid Item>[] items) {
			return items.length;
		}

	}

	@PipeEndpoint("files")
	static class ConstrainedHeader {

		@PipeMapping
		int read(@Header("x-depth") @Max(9) int depth) {
			return depth;
		}

	}

	@PipeEndpoint("files")
	static class ConstrainedQuery {

		@PipeMapping
		int read(@Payload @Max(9) int depth) {
			return depth;
		}

	}

	@PipeEndpoint("files")
	static class ConstrainedExceptionHandler {

		@PipeMapping
		int read(@Payload int depth) {
			return depth;
		}

		@MessageExceptionHandler
		@NotBlank
		String handle(IllegalStateException ex) {
			return "";
		}

	}

	@Validated
	@PipeEndpoint("files")
	static class FinalMethod {

		@PipeMapping
		final String read(@Payload @Size(max = 2) String name) {
			return name;
		}

	}

	interface Names {

		int read(List<@NotBlank String> names);

	}

	@PipeEndpoint("files")
	static class OfInterface implements Names {

		@Override
		@PipeMapping
		public int read(List<String> names) {
			return names.size();
		}

	}

	interface Values<T> {

		int read(T first, Map<String, @NotBlank T> values);

	}

	@PipeEndpoint("files")
	static class OfGenericInterface implements Values<String> {

		@Override
		@PipeMapping
		public int read(@Header("first") String first, @Payload Map<String, String> values) {
			return values.size();
		}

	}

	interface Result {

		@NotBlank
		String read();

	}

	@PipeEndpoint("files")
	static class ResultOfInterface implements Result {

		@Override
		@PipeMapping
		public String read() {
			return "";
		}

	}

	abstract static class Base {

		abstract int read(List<@NotBlank String> names);

	}

	@PipeEndpoint("files")
	static class OfSuperClass extends Base {

		@Override
		@PipeMapping
		int read(List<String> names) {
			return names.size();
		}

	}

	interface Plain {

		int read(List<String> names);

	}

	static class Inherited implements Plain {

		@Override
		@PipeMapping
		public int read(List<String> names) {
			return names.size();
		}

	}

	@PipeEndpoint("files")
	static class OfInterfaceOfSubclass extends Inherited implements Names {

	}

	record Item(String name) {

	}

}
