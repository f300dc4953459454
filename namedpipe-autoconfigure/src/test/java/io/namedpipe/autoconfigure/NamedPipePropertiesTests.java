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

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipePoolOptions;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.ImpersonationPolicy;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Properties, and the settings that they become.
 */
@Timeout(120)
class NamedPipePropertiesTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	private static PipeContainerSettings settings(ApplicationContext context, String id) {
		return context.getBean(PipeContainerSettingsResolver.class).resolve(id);
	}

	@Test
	void defaultsAreThoseOfTheLibrary() {
		PipeRunner.createWithDefaults().run((context) -> {
			PipeContainerSettings settings = settings(context, "anything");
			assertThat(settings).isEqualTo(
					PipeContainerSettings.of("anything", PipeAddress.of("anything"), settings.protocol()).build());
			assertThat(settings.protocol()).isInstanceOf(HttpProtocol.class);
		});
	}

	@Test
	void weakerWaysHaveToBeAskedFor() {
		this.runner.run((context) -> {
			UnixProperties unix = context.getBean(NamedPipeProperties.class).getUnix();
			assertThat(unix.allowFuse()).isFalse();
			assertThat(unix.allowPortableFileOpener()).isFalse();
			assertThat(unix.allowUnfilteredThreads()).isFalse();
		});
		this.runner
			.withPropertyValues("namedpipe.unix.allow-fuse=true", "namedpipe.unix.allow-portable-file-opener=true",
					"namedpipe.unix.allow-unfiltered-threads=true")
			.run((context) -> {
				UnixProperties unix = context.getBean(NamedPipeProperties.class).getUnix();
				assertThat(unix.allowFuse()).isTrue();
				assertThat(unix.allowPortableFileOpener()).isTrue();
				assertThat(unix.allowUnfilteredThreads()).isTrue();
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
				assertThat(a.timeouts().read()).isEqualTo(Duration.ofSeconds(3));
				assertThat(a.serverOptions().access().allowed()).containsExactly("bob", "group:staff");
				assertThat(a.protocol().name()).isEqualTo("raw");
				PipeContainerSettings b = settings(context, "b");
				assertThat(b.address()).isEqualTo(PipeAddress.of("b"));
				assertThat(b.timeouts().read()).isEqualTo(Duration.ofSeconds(7));
				assertThat(b.serverOptions().instances()).isEqualTo(9);
				assertThat(b.serverOptions().access()).isEqualTo(PipeAccess.allow("alice"));
				assertThat(b.protocol().name()).isEqualTo("stream-string");
				assertThat(context.getBean(PipeContainerSettingsResolver.class).configuredIds())
					.isEqualTo(Set.of("a", "b"));
			});
	}

	@Test
	void pipeOfTwoSpellingsHasTheLongerOneAndTheSettingsOfBoth() {
		this.runner.withPropertyValues("namedpipe.server.pipes.my-pipe.name=x", "namedpipe.server.pipes.other.name=y")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("other", Map.of("namedpipe.server.pipes.mypipe.read-timeout", "7s"))))
			.run((context) -> {
				assertThat(context.getBean(PipeContainerSettingsResolver.class).configuredIds())
					.containsExactlyInAnyOrder("my-pipe", "other");
				assertThat(settings(context, "my-pipe").address().name()).isEqualTo("x");
				assertThat(settings(context, "my-pipe").timeouts().read()).isEqualTo(Duration.ofSeconds(7));
			});
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "case means nothing there")
	void namesThatDifferByCaseAreTwoPipes() {
		this.runner.withPropertyValues("namedpipe.server.pipes.a.name=acme", "namedpipe.server.pipes.b.name=ACME")
			.run((context) -> assertThat(List.of(settings(context, "a").address(), settings(context, "b").address()))
				.extracting(PipeAddress::name)
				.containsExactly("acme", "ACME"));
	}

	@Test
	void everySettingReachesTheContainer() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.p.max-connections=5",
					"namedpipe.server.pipes.p.max-connections-per-user=3",
					"namedpipe.server.pipes.p.reserved-connections=2",
					"namedpipe.server.pipes.p.max-concurrent-requests-per-user=1",
					"namedpipe.server.pipes.p.max-concurrent-requests=4", "namedpipe.server.pipes.p.write-timeout=2s",
					"namedpipe.server.pipes.p.request-timeout=3s", "namedpipe.server.pipes.p.idle-timeout=4s",
					"namedpipe.server.pipes.p.grace-period=5s", "namedpipe.server.pipes.p.identity-max-age=7s",
					"namedpipe.server.pipes.p.total-timeout=6s", "namedpipe.server.pipes.p.auto-startup=false",
					"namedpipe.server.pipes.p.mode=message", "namedpipe.server.pipes.p.direction=inbound",
					"namedpipe.server.pipes.p.in-buffer-size=1KB", "namedpipe.server.pipes.p.out-buffer-size=2KB",
					"namedpipe.server.pipes.p.max-message-size=3MB", "namedpipe.server.pipes.p.sddl=D:(A;;GA;;;WD)",
					"namedpipe.server.pipes.p.reject-remote-clients=false",
					"namedpipe.server.pipes.p.impersonation=if-available")
			.run((context) -> {
				PipeContainerSettings settings = settings(context, "p");
				assertThat(settings.maxConnections()).isEqualTo(5);
				assertThat(List.of(settings.maxConnectionsPerUser(), settings.reservedConnections(),
						settings.maxConcurrentRequests(), settings.maxConcurrentRequestsPerUser()))
					.containsExactly(3, 2, 4, 1);
				assertThat(
						List.of(settings.timeouts().write(), settings.timeouts().request(), settings.timeouts().idle(),
								settings.gracePeriod(), settings.timeouts().total(), settings.identityMaxAge()))
					.extracting(Duration::toSeconds)
					.containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
				assertThat(settings.autoStartup()).isFalse();
				assertThat(settings.impersonationPolicy()).isEqualTo(ImpersonationPolicy.IF_AVAILABLE);
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
	void clientPropertiesReachTheTemplate() {
		// None of this machine's transports reaches these.
		PipeTransport transport = mock(PipeTransport.class);
		given(transport.fileOpener()).willReturn(FileOpener.portable());
		ApplicationContextRunner reaching = this.runner.withBean(PipeTransport.class, () -> transport);
		reaching.withPropertyValues("namedpipe.client.default-pipe=\\\\build01\\pipe\\x")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("build01", "x")));
		reaching.withPropertyValues("namedpipe.client.default-pipe=x", "namedpipe.client.server=build01")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("build01", "x")));
		reaching.withPropertyValues("namedpipe.client.default-pipe=/run/x.sock", "namedpipe.client.server=build01")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).address())
				.isEqualTo(PipeAddress.of("/run/x.sock")));
	}

	@Test
	void clientCallsAPipeOfThisApplicationAsItIsServed() {
		PipeTransport transport = mock(PipeTransport.class);
		given(transport.fileOpener()).willReturn(FileOpener.portable());
		given(transport.connect(any(), any())).willThrow(new PipeNotFoundException("none"));
		this.runner.withBean(PipeTransport.class, () -> transport)
			.withPropertyValues("namedpipe.server.mode=message", "namedpipe.server.pipes.a.direction=outbound",
					"namedpipe.server.pipes.a.max-message-size=3KB", "namedpipe.client.default-pipe=a",
					"namedpipe.client.connect-timeout=3s", "namedpipe.client.impersonation-level=delegation",
					"namedpipe.client.expected-server=any")
			.run((context) -> {
				assertThatExceptionOfType(PipeNotFoundException.class)
					.isThrownBy(() -> context.getBean(PipeTemplate.class).execute((channel) -> null));
				ArgumentCaptor<PipeClientOptions> options = ArgumentCaptor.forClass(PipeClientOptions.class);
				then(transport).should().connect(eq(PipeAddress.of("a")), options.capture());
				assertThat(options.getValue().mode()).isEqualTo(PipeMode.MESSAGE);
				assertThat(options.getValue().direction()).isEqualTo(PipeDirection.OUTBOUND);
				assertThat(options.getValue().maxMessageSize()).isEqualTo(3 * 1024);
				assertThat(options.getValue().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
				assertThat(options.getValue().impersonationLevel()).isEqualTo(ImpersonationLevel.DELEGATION);
				assertThat(options.getValue().expectedServer()).isEqualTo(ExpectedServer.of("any"));
			});
	}

	@Test
	void poolSettingsReachTheTemplate() {
		this.runner
			.withPropertyValues("namedpipe.client.default-pipe=x", "namedpipe.client.pool.max-size=3",
					"namedpipe.client.pool.max-idle-time=4s", "namedpipe.client.pool.acquire-timeout=0")
			.run((context) -> {
				ClientPoolProperties pool = context.getBean(NamedPipeProperties.class).getClient().pool();
				assertThat(pool.options()).isEqualTo(new PipePoolOptions(3, Duration.ofSeconds(4), Duration.ZERO));
				assertThat(context).hasSingleBean(PipeTemplate.class);
			});
		assertThat(new NamedPipeProperties().getClient().pool().options()).isEqualTo(PipePoolOptions.defaults());
	}

	@Test
	void totalTimeoutOfClientsReachesTheTemplate() {
		this.runner
			.withPropertyValues("namedpipe.transport=memory", "namedpipe.client.default-pipe=x",
					"namedpipe.client.request-timeout=0", "namedpipe.client.total-timeout=50ms")
			.run((context) -> {
				try (PipeServerChannel server = context.getBean(PipeTransport.class)
					.bind(PipeAddress.of("x"), PipeServerOptions.defaults())) {
					assertThatExceptionOfType(PipeTimeoutException.class)
						.isThrownBy(() -> context.getBean(PipeTemplate.class)
							.execute((channel) -> channel.read(ByteBuffer.allocate(1))))
						.withMessageContaining("50 ms (total-timeout)");
				}
			});
	}

	@Test
	void everyNumberTimeAndSizeHasARange() throws Exception {
		try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<String> names = JsonPath.read(metadata,
					"$.properties[?(@.type in ['java.lang.Integer', 'java.time.Duration', 'org.springframework.util.unit.DataSize'])].name");
			assertThat(names).hasSizeGreaterThan(10)
				.allSatisfy((name) -> this.runner.withPropertyValues(name + "=-1")
					.run((context) -> assertThat(context).hasFailed()
						.getFailure()
						.rootCause()
						.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
								(ex) -> assertThat(ex.getName()).isEqualTo(name))));
		}
	}

	@Test
	void everyNumberTimeAndSizeOfAPipeHasARange() throws Exception {
		try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<Map<String, String>> properties = JsonPath.read(metadata,
					"$.properties[?(@.type in ['java.lang.Integer', 'java.time.Duration', 'org.springframework.util.unit.DataSize'] && @.name =~ /namedpipe\\.server\\..*/)]['name', 'type']");
			Map<String, String> tooMuch = Map.of("java.lang.Integer", "2147483647", "java.time.Duration", "366d",
					"org.springframework.util.unit.DataSize", "8000000000MB");
			List<String> ofAllPipes = List.of("namedpipe.server.impersonation-threads",
					"namedpipe.server.log-limit-per-user");
			assertThat(properties).hasSizeGreaterThan(10).allSatisfy((property) -> {
				String name = property.get("name");
				String tested = ofAllPipes.contains(name) ? name
						: name.replace("namedpipe.server.", "namedpipe.server.pipes.my-pipe.");
				for (String value : List.of("-1", tooMuch.get(property.get("type")))) {
					this.runner.withPropertyValues(tested + "=" + value)
						.run((context) -> assertThat(context).hasFailed()
							.getFailure()
							.rootCause()
							.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
									(ex) -> assertThat(ex.getName()).isEqualTo(tested)));
				}
			});
		}
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

	@PipeEndpoint("echo")
	static class Echo {

		@PipeMapping
		String echo(@Payload String text) {
			return "echo " + text;
		}

	}

}
