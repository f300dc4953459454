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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeChannelCallback;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.adapter.PipeEndpointRegistrar;
import io.namedpipe.listener.adapter.PipeHandlerMethodFactory;
import io.namedpipe.protocol.ClientConversation;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Beans, the properties behind them, and how they give way.
 */
@Timeout(60)
class NamedPipeAutoConfigurationTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	private static PipeContainerSettings settings(ApplicationContext context, String id) {
		return context.getBean(PipeContainerSettingsResolver.class).resolve(id);
	}

	@Test
	void everythingIsThereByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(PipeTransport.class)
			.hasSingleBean(PipeListenerEndpointRegistry.class)
			.hasSingleBean(PipeListenerContainerFactory.class)
			.hasSingleBean(PipeContainerSettingsResolver.class)
			.hasSingleBean(PipeHandlerMethodFactory.class)
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
				.doesNotHaveBean(PipeListenerEndpointRegistry.class)
				.doesNotHaveBean(PipeTemplateBuilder.class));
	}

	@Test
	void serverAndClientCanBeSwitchedOffAlone() {
		this.runner.withPropertyValues("namedpipe.server.enabled=false")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PipeListenerEndpointRegistry.class)
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
			.withPropertyValues("namedpipe.server.pipes.manual.auto-startup=false")
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

	@Test
	void defaultsAreThoseOfTheLibrary() {
		this.runner.run((context) -> {
			PipeContainerSettings settings = settings(context, "anything");
			assertThat(settings).isEqualTo(
					PipeContainerSettings.of("anything", PipeAddress.of("anything"), settings.protocol()).build());
			assertThat(settings.protocol()).isInstanceOf(StreamStringProtocol.class);
		});
	}

	@Test
	void pipeTakesWhatItDoesNotSayFromTheServer() {
		this.runner.withPropertyValues("namedpipe.server.protocol=raw", "namedpipe.server.read-timeout=7s",
				"namedpipe.server.instances=9", "namedpipe.server.allowed=alice",
				"namedpipe.server.pipes.a.read-timeout=3s", "namedpipe.server.pipes.a.name=acme.a",
				"namedpipe.server.pipes.a.allowed=bob,group:staff", "namedpipe.server.pipes.b.protocol=stream-string")
			.run((context) -> {
				PipeContainerSettings a = settings(context, "a");
				assertThat(a.address()).isEqualTo(PipeAddress.of("acme.a"));
				assertThat(a.readTimeout()).isEqualTo(Duration.ofSeconds(3));
				assertThat(a.serverOptions().access().allowed()).containsExactly("bob", "group:staff");
				assertThat(a.protocol().name()).isEqualTo("raw");
				PipeContainerSettings b = settings(context, "b");
				assertThat(b.address()).isEqualTo(PipeAddress.of("b"));
				assertThat(b.readTimeout()).isEqualTo(Duration.ofSeconds(7));
				assertThat(b.serverOptions().instances()).isEqualTo(9);
				assertThat(b.serverOptions().access()).isEqualTo(PipeAccess.allow("alice"));
				assertThat(b.protocol().name()).isEqualTo("stream-string");
				assertThat(context.getBean(PipeContainerSettingsResolver.class).configuredIds())
					.isEqualTo(Set.of("a", "b"));
			});
	}

	@Test
	void everySettingReachesTheContainer() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.p.max-connections=5",
					"namedpipe.server.pipes.p.max-concurrent-requests=4", "namedpipe.server.pipes.p.write-timeout=2s",
					"namedpipe.server.pipes.p.request-timeout=3s", "namedpipe.server.pipes.p.idle-timeout=4s",
					"namedpipe.server.pipes.p.grace-period=5s", "namedpipe.server.pipes.p.auto-startup=false",
					"namedpipe.server.pipes.p.mode=message", "namedpipe.server.pipes.p.direction=inbound",
					"namedpipe.server.pipes.p.in-buffer-size=1KB", "namedpipe.server.pipes.p.out-buffer-size=2KB",
					"namedpipe.server.pipes.p.max-message-size=3MB", "namedpipe.server.pipes.p.sddl=D:(A;;GA;;;WD)",
					"namedpipe.server.pipes.p.reject-remote-clients=false")
			.run((context) -> {
				PipeContainerSettings settings = settings(context, "p");
				assertThat(settings.maxConnections()).isEqualTo(5);
				assertThat(settings.maxConcurrentRequests()).isEqualTo(4);
				assertThat(List.of(settings.writeTimeout(), settings.requestTimeout(), settings.idleTimeout(),
						settings.gracePeriod()))
					.extracting(Duration::toSeconds)
					.containsExactly(2L, 3L, 4L, 5L);
				assertThat(settings.autoStartup()).isFalse();
				assertThat(settings.serverOptions().mode()).hasToString("MESSAGE");
				assertThat(settings.serverOptions().direction()).hasToString("INBOUND");
				assertThat(settings.serverOptions().inBufferSize()).isEqualTo(1024);
				assertThat(settings.serverOptions().outBufferSize()).isEqualTo(2048);
				assertThat(settings.serverOptions().maxMessageSize()).isEqualTo(3 * 1024 * 1024);
				assertThat(settings.serverOptions().access()).isEqualTo(PipeAccess.sddl("D:(A;;GA;;;WD)"));
				assertThat(settings.serverOptions().rejectRemote()).isFalse();
			});
	}

	@Test
	void greetingIsThatOfThePipe() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.greeting=Welcome", "namedpipe.client.default-pipe=echo",
					"namedpipe.client.greeting=Welcome")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x"));
	}

	@Test
	void clientPropertiesReachTheTemplate() {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=\\\\build01\\pipe\\x")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("build01", "x")));
		this.runner.withPropertyValues("namedpipe.client.default-pipe=x", "namedpipe.client.server=build01")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("build01", "x")));
		this.runner.withPropertyValues("namedpipe.client.default-pipe=/run/x.sock", "namedpipe.client.server=build01")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("/run/x.sock")));
	}

	@Test
	void unknownProtocolIsRefusedByTheNameOfItsProperty() {
		this.runner.withPropertyValues("namedpipe.server.pipes.echo.protocol=morse")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("namedpipe.server.pipes.echo.protocol");
					assertThat(ex.getValue()).isEqualTo("morse");
					assertThat(ex.getReason()).contains("raw", "stream-string");
				}));
		this.runner.withPropertyValues("namedpipe.client.protocol=morse")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("namedpipe.client.protocol"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "namedpipe.server.pipes.echo.", "namedpipe.server." })
	void rulesAndDescriptorExcludeEachOther(String prefix) {
		this.runner.withPropertyValues(prefix + "allowed=alice", prefix + "sddl=D:")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOfSatisfying(MutuallyExclusiveConfigurationPropertiesException.class,
						(ex) -> assertThat(ex.getConfiguredNames()).containsExactlyInAnyOrder(prefix + "allowed",
								prefix + "sddl")));
	}

	@Test
	void everythingCanBeReplaced() {
		this.runner.withUserConfiguration(Replacements.class)
			.run((context) -> Map
				.of(PipeTransport.class, "myTransport", PipeContainerSettingsResolver.class, "mySettings",
						PipeListenerContainerFactory.class, "myContainers", PipeListenerEndpointRegistry.class,
						"myRegistry", PipeHandlerMethodFactory.class, "myMethods", PipeTemplateBuilder.class,
						"myBuilder", PipeOperations.class, "myOperations")
				.forEach((type, name) -> assertThat(context).getBeanNames(type).containsExactly(name)));
	}

	@Test
	void protocolOfTheApplicationIsFoundByItsName() {
		this.runner.withUserConfiguration(Echo.class)
			.withBean("custom", PipeProtocol.class, () -> new RenamedProtocol("morse"))
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
			return new PipeListenerContainerFactory(transport);
		}

		@Bean
		PipeListenerEndpointRegistry myRegistry() {
			return new PipeListenerEndpointRegistry();
		}

		@Bean
		PipeHandlerMethodFactory myMethods(ConfigurableListableBeanFactory beanFactory) {
			return new PipeHandlerMethodFactory(beanFactory, new DefaultConversionService(),
					new GenericMessageConverter(), List.of());
		}

		@Bean
		PipeTemplateBuilder myBuilder(PipeTransport transport) {
			return PipeTemplate.builder(transport);
		}

		@Bean
		PipeOperations myOperations() {
			return new PipeOperations() {

				@Override
				public String requestFile(String fileName) {
					throw new UnsupportedOperationException();
				}

				@Override
				public PipeReply exchange(PipeRequest request) {
					throw new UnsupportedOperationException();
				}

				@Override
				public <T> T execute(PipeChannelCallback<T> callback) {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

	private record RenamedProtocol(String name) implements PipeProtocol {

		private static final StreamStringProtocol DELEGATE = new StreamStringProtocol();

		@Override
		public boolean hasRoutes() {
			return DELEGATE.hasRoutes();
		}

		@Override
		public ServerConversation serve(PipeChannel channel) {
			return DELEGATE.serve(channel);
		}

		@Override
		public ClientConversation call(PipeChannel channel) {
			return DELEGATE.call(channel);
		}

	}

}
