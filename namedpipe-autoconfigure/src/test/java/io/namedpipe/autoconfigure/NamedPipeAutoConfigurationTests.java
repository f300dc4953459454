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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeRequestSpec;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.LogBudget;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeEndpointRegistrar;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Beans, the properties behind them, and how they give way.
 */
@Timeout(120)
class NamedPipeAutoConfigurationTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void everythingIsThereByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(PipeTransport.class)
			.hasSingleBean(PipeListenerEndpointRegistry.class)
			.hasSingleBean(PipeListenerContainerFactory.class)
			.hasSingleBean(PipeContainerSettingsResolver.class)
			.hasSingleBean(PipeEndpoints.class)
			.hasSingleBean(PipeEndpointRegistrar.class)
			.hasSingleBean(PipeTemplateBuilder.class)
			.doesNotHaveBean(PipeOperations.class)
			.doesNotHaveBean(TaskExecutor.class));
	}

	@Test
	void nothingIsThereIfSwitchedOff() {
		this.runner.withPropertyValues("namedpipe.enabled=false")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PipeTransport.class)
				.doesNotHaveBean(PipeEndpointRegistrar.class)
				.doesNotHaveBean(HealthIndicator.class)
				.doesNotHaveBean(PipeTemplateBuilder.class));
	}

	@Test
	void serverAndClientCanBeSwitchedOffAlone() {
		this.runner.withPropertyValues("namedpipe.server.enabled=false")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PipeEndpointRegistrar.class)
				.doesNotHaveBean(HealthIndicator.class)
				.hasSingleBean(PipeTemplateBuilder.class));
		this.runner.withPropertyValues("namedpipe.client.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(PipeListenerEndpointRegistry.class)
				.doesNotHaveBean(PipeTemplateBuilder.class));
	}

	@Test
	void springSecurityIsOptional() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(PipeRunner.ask(context, "echo", "x")).isEqualTo("echo x"));
	}

	@Test
	void transportIsTheOneThatIsNamed() {
		this.runner
			.run((context) -> assertThat(context).getBean(PipeTransport.class).isInstanceOf(MemoryPipeTransport.class));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Unix-domain sockets with permissions")
	void transportIsUnixIfThatIsNamed() {
		this.runner.withPropertyValues("namedpipe.transport=unix")
			.run((context) -> assertThat(context).getBean(PipeTransport.class).isInstanceOf(UnixPipeTransport.class));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the system's own transport is another there")
	void transportIsTheSystemsOwnByDefault(@TempDir Path directory) {
		this.runner.withPropertyValues("namedpipe.transport=auto", "namedpipe.unix.directory=" + directory)
			.run((context) -> assertThat(
					((UnixPipeTransport) context.getBean(PipeTransport.class)).socketPath(PipeAddress.of("x")))
				.isEqualTo(directory.resolve("CoreFxPipe_x")));
	}

	@Test
	void endpointIsServedAndItsTemplateCallsIt() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.name=acme.echo", "namedpipe.client.default-pipe=echo")
			.withUserConfiguration(Echo.class)
			.run((context) -> {
				assertThat(context.getBean(PipeTemplate.class).address()).isEqualTo(PipeAddress.of("acme.echo"));
				assertThat(context.getBean(PipeOperations.class).requestFile("x")).isEqualTo("echo x");
			});
	}

	@Test
	void contextCanBeStoppedAndStartedAgain() {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=echo")
			.withUserConfiguration(Echo.class, Manual.class)
			.withPropertyValues("namedpipe.server.pipes.echo.name=echo",
					"namedpipe.server.pipes.manual.auto-startup=false")
			.run((context) -> {
				PipeListenerEndpointRegistry registry = context.getBean(PipeListenerEndpointRegistry.class);
				for (int round = 0; round < 3; round++) {
					assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x");
					assertThat(registry.getContainer("manual").state()).isEqualTo(ContainerState.NEW);
					context.stop();
					assertThat(registry.getContainer("echo").state()).isEqualTo(ContainerState.STOPPED);
					context.start();
				}
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "namedpipe.enabled=false", "namedpipe.server.enabled=false" })
	void beansThatUseTheRequestStartWithoutAServer(String setting) {
		this.runner.withPropertyValues(setting).withUserConfiguration(UsesRequest.class).run((context) -> {
			assertThat(context).hasNotFailed();
			UsesRequest bean = context.getBean(UsesRequest.class);
			assertThatIllegalStateException().isThrownBy(bean.security::getPrincipal)
				.withMessageContaining("No pipe request is bound");
			assertThatExceptionOfType(ScopeNotActiveException.class).isThrownBy(bean.scoped::use)
				.withStackTraceContaining("No pipe request is bound");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "namedpipe.enabled=false", "namedpipe.server.enabled=false" })
	void beansThatUseTheRegistryStartWithoutAServer(String setting) {
		this.runner.withPropertyValues(setting).withUserConfiguration(Echo.class).run((context) -> {
			assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainers()).isEmpty();
			assertThat(context).hasSingleBean(LogBudget.class);
		});
		this.runner.run((context) -> assertThat(context).hasSingleBean(LogBudget.class));
		LogBudget own = new LogBudget(LogBudget.DEFAULT_BYTES);
		this.runner.withBean(LogBudget.class, () -> own)
			.run((context) -> assertThat(context.getBean(LogBudget.class)).isSameAs(own));
	}

	@Test
	void everythingCanBeReplaced() {
		this.runner.withUserConfiguration(Replacements.class)
			.run((context) -> Map
				.of(PipeTransport.class, "myTransport", PipeContainerSettingsResolver.class, "mySettings",
						PipeListenerContainerFactory.class, "myContainers", PipeListenerEndpointRegistry.class,
						"myRegistry", PipeEndpoints.class, "myEndpoints", PipeTemplateBuilder.class, "myBuilder",
						PipeOperations.class, "myOperations")
				.forEach((type, name) -> assertThat(context).getBeanNames(type).containsExactly(name)));
	}

	@Test
	void protocolOfTheApplicationIsFoundByItsName() {
		this.runner.withUserConfiguration(Echo.class)
			.withBean("custom", PipeProtocol.class, () -> new RenamedProtocol("morse", new StreamStringProtocol()))
			.withPropertyValues("namedpipe.server.pipes.echo.protocol=morse")
			.run((context) -> assertThat(PipeRunner.ask(context, "echo", "x")).isEqualTo("echo x"));
	}

	@Test
	void templateWithoutADefaultPipeIsToldSo() {
		this.runner.run((context) -> assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> context.getBean(PipeTemplateBuilder.class).build())
			.withMessageContaining("namedpipe.client.default-pipe"));
	}

	@PipeEndpoint("echo")
	static class Echo {

		@PipeMapping
		String echo(@Payload String text) {
			return "echo " + text;
		}

	}

	@Import(ScopedBean.class)
	static class UsesRequest {

		private final PipeSecurityContext security;

		private final ScopedBean scoped;

		UsesRequest(PipeSecurityContext security, ScopedBean scoped) {
			this.security = security;
			this.scoped = scoped;
		}

	}

	@PipeRequestScope
	static class ScopedBean {

		void use() {
		}

	}

	@PipeEndpoint("manual")
	static class Manual {

		@PipeMapping
		String echo(@Payload String text) {
			return "manual " + text;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Replacements {

		@Bean
		MemoryPipeTransport myTransport() {
			return new MemoryPipeTransport();
		}

		@Bean
		PipeContainerSettingsResolver mySettings() {
			return new PipeContainerSettingsResolver() {

				@Override
				public Set<String> configuredIds() {
					return Set.of();
				}

				@Override
				public PipeContainerSettings resolve(String id) {
					return PipeContainerSettings.of(id, PipeAddress.of(id), new StreamStringProtocol()).build();
				}

			};
		}

		@Bean
		PipeListenerContainerFactory myContainers(PipeTransport transport) {
			return new PipeListenerContainerFactory(List.of(transport), List.of());
		}

		@Bean
		PipeListenerEndpointRegistry myRegistry() {
			return new PipeListenerEndpointRegistry();
		}

		@Bean
		PipeEndpoints myEndpoints(ConfigurableListableBeanFactory beanFactory, ImpersonationExecutor executor) {
			return new PipeEndpoints(beanFactory, List.of(), List.of(), null, executor, List.of(),
					FileOpener.portable());
		}

		@Bean
		PipeTemplateBuilder myBuilder(PipeTransport transport) {
			return PipeTemplate.builder(transport);
		}

		@Bean
		PipeOperations myOperations() {
			return new PipeOperations() {

				@Override
				public PipeRequestSpec route(String route) {
					throw new UnsupportedOperationException();
				}

				@Override
				public String requestFile(String fileName) {
					throw new UnsupportedOperationException();
				}

				@Override
				public PipeReply exchange(PipeRequest request) {
					throw new UnsupportedOperationException();
				}

				@Override
				public <T> T execute(Function<PipeChannel, T> callback) {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

}
