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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.transport.PipeChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans serve which pipes, and which cannot.
 */
@Timeout(120)
class EndpointDetectionTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	private ApplicationContextRunner with(Class<?> configuration) {
		return this.runner.withUserConfiguration(configuration);
	}

	@Test
	void beanServesThePipeThatItNames() {
		EndpointAssertions.assertServes(with(Named.class), "named x");
	}

	@Test
	void pipeCanBeAPlaceholder() {
		this.runner.withPropertyValues("my.pipe=from-property", "namedpipe.server.pipes.from-property.name=acme")
			.withUserConfiguration(Placeholder.class)
			.run((context) -> assertThat(PipeRunner.ask(context, "acme", "x")).isEqualTo("placeholder x"));
	}

	@Test
	void beanThatNamesNoPipeServesTheOnlyOneThatIsConfigured() {
		this.runner.withPropertyValues("namedpipe.server.pipes.only.name=the-only-one")
			.withUserConfiguration(Unnamed.class)
			.run((context) -> assertThat(PipeRunner.ask(context, "the-only-one", "x")).isEqualTo("unnamed x"));
	}

	@Test
	void beanThatNamesNoPipeIsRefusedIfThereAreNoneOrSeveral() {
		EndpointAssertions.assertRefused(with(Unnamed.class), Unnamed.class.getName(), "names no pipe",
				"0 pipes are configured");
		this.runner.withPropertyValues("namedpipe.server.pipes.a.name=a", "namedpipe.server.pipes.b.name=b")
			.withUserConfiguration(Unnamed.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("2 pipes are configured"));
	}

	@Test
	void endpointsOfOnePipeWithTheSameClassNameAreBothFound() {
		this.runner.withUserConfiguration(First.SameName.class, Second.SameName.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidPipeEndpointException.class)
				.hasMessageContaining("The pipe 'files' has 2 @PipeMapping methods")
				.hasMessageContaining("First$SameName")
				.hasMessageContaining("Second$SameName"));
	}

	@Test
	void endpointsOfOnePipeAreBeansOfDifferentNames() {
		this.runner.withUserConfiguration(Named.class, AlsoFiles.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidPipeEndpointException.class)
				.hasMessageContaining("The pipe 'files' has 2 @PipeMapping methods"));
	}

	@Test
	void endpointWithoutAMappingIsRefused() {
		EndpointAssertions.assertRefused(with(NoMapping.class), NoMapping.class.getName(),
				"has no @PipeMapping method");
	}

	@Test
	void ambiguousMappingsAreRefused() {
		EndpointAssertions.assertRefused(with(TwoMappings.class), "has 2 @PipeMapping methods", "stream-string", "one(",
				"two(");
	}

	@Test
	void staticMethodIsRefused() {
		EndpointAssertions.assertRefused(with(StaticMethod.class), StaticMethod.class.getName() + ".read",
				"it is static");
	}

	@Test
	void twoPayloadsAreRefused() {
		EndpointAssertions.assertRefused(with(TwoPayloads.class), "2 of its parameters would be the payload");
		EndpointAssertions.assertRefused(with(BytesAndText.class), "2 of its parameters would be the payload");
	}

	@Test
	void channelOfAPipeWithAProtocolIsRefused() {
		EndpointAssertions.assertRefused(with(ChannelParameter.class), "a PipeChannel parameter is for raw pipes",
				"stream-string");
	}

	@Test
	void rawHandlersAreChecked() {
		ApplicationContextRunner raw = this.runner.withPropertyValues("namedpipe.server.pipes.files.protocol=raw");
		raw.withUserConfiguration(Named.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("needs a PipeChannel parameter"));
		raw.withUserConfiguration(RawWithReply.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("returns nothing"));
		raw.withUserConfiguration(ChannelParameter.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void beansOfNarrowerScopeAndLazyOnesAreCreatedWhenTheyAreNeeded() {
		this.runner.withUserConfiguration(Prototypes.class).run((context) -> {
			Prototypes.created.set(0);
			assertThat(PipeRunner.ask(context, "files", "x")).isEqualTo("prototype 1");
			assertThat(PipeRunner.ask(context, "files", "x")).isEqualTo("prototype 2");
		});
		EndpointAssertions.assertServes(with(ScopedProxy.class), "scoped x");
		LazyEndpoint.created.set(0);
		this.runner.withUserConfiguration(LazyEndpoint.class).run((context) -> {
			assertThat(LazyEndpoint.created).hasValue(0);
			assertThat(PipeRunner.ask(context, "files", "x")).isEqualTo("lazy x");
			assertThat(LazyEndpoint.created).hasValue(1);
		});
	}

	@PipeEndpoint("files")
	static class Named {

		@PipeMapping("read")
		String read(String name) {
			return "named " + name;
		}

	}

	@PipeEndpoint("files")
	static class AlsoFiles {

		@PipeMapping("read")
		String read(String name) {
			return "also " + name;
		}

	}

	@PipeEndpoint("${my.pipe}")
	static class Placeholder {

		@PipeMapping
		String read(@Payload String name) {
			return "placeholder " + name;
		}

	}

	@PipeEndpoint
	static class Unnamed {

		@PipeMapping
		String read(@Payload String name) {
			return "unnamed " + name;
		}

	}

	static class First {

		@PipeEndpoint("files")
		static class SameName {

			@PipeMapping
			String read(@Payload String name) {
				return name;
			}

		}

	}

	static class Second {

		@PipeEndpoint("files")
		static class SameName {

			@PipeMapping
			String read(@Payload String name) {
				return name;
			}

		}

	}

	@PipeEndpoint("files")
	static class NoMapping {

		String read(String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class TwoMappings {

		@PipeMapping("one")
		String one(String name) {
			return name;
		}

		@PipeMapping("two")
		String two(String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class StaticMethod {

		@PipeMapping
		static String read(String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class TwoPayloads {

		@PipeMapping
		String read(String name, String other, @Header("pipeId") String pipe) {
			return name + other + pipe;
		}

	}

	@PipeEndpoint("files")
	static class BytesAndText {

		@PipeMapping
		String read(byte[] bytes, String text) {
			return bytes.length + text;
		}

	}

	@PipeEndpoint("files")
	static class ChannelParameter {

		@PipeMapping
		void read(PipeChannel channel) {
			channel.close();
		}

	}

	@PipeEndpoint("files")
	static class RawWithReply {

		@PipeMapping
		CompletableFuture<String> read(PipeChannel channel) {
			return CompletableFuture.completedFuture("x");
		}

	}

	@Scope("prototype")
	@PipeEndpoint("files")
	static class Prototypes {

		static final AtomicInteger created = new AtomicInteger();

		private final int number = created.incrementAndGet();

		@PipeMapping
		String read(@Payload String name) {
			return "prototype " + this.number;
		}

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	@PipeEndpoint("files")
	static class ScopedProxy {

		@PipeMapping
		String read(@Payload String name) {
			return "scoped " + name;
		}

	}

	@Lazy
	@PipeEndpoint("files")
	static class LazyEndpoint {

		static final AtomicInteger created = new AtomicInteger();

		LazyEndpoint() {
			created.incrementAndGet();
		}

		@PipeMapping
		String read(@Payload String name) {
			return "lazy " + name;
		}

	}

}
