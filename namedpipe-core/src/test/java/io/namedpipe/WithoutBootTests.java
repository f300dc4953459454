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

package io.namedpipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.ClassUtils;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeEndpointRegistrar;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application with the library alone, without Spring Boot.
 */
@Timeout(120)
class WithoutBootTests {

	private static final PipeAddress ADDRESS = Pipes.uniqueAddress();

	private static final PipeContainerSettings SETTINGS = PipeContainerSettings
		.of("files", ADDRESS, new StreamStringProtocol())
		.build();

	@TempDir
	private Path folder;

	@Test
	void applicationWithoutSpringBootServesAndFetchesAFile() throws Exception {
		assertThat(ClassUtils.isPresent("org.springframework.boot.SpringApplication", null)).isFalse();
		Path file = Files.writeString(this.folder.resolve("file.txt"), "of a library alone");
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
			assertThat(context.getBean(PipeTemplate.class).requestFile(file.toString()))
				.isEqualTo("of a library alone");
		}
	}

	@Test
	void pipeWithoutSettingsIsAnErrorThatNamesIt() {
		assertThatExceptionOfType(PipeListenerStartupException.class)
			.isThrownBy(() -> PipeContainerSettingsResolver.of(SETTINGS).resolve("other"))
			.withMessageContaining("'other' cannot be served: it has no settings, only [files] have");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		PipeTransport transport() {
			return Pipes.systemTransport();
		}

		@Bean
		FileController files() {
			return new FileController();
		}

		@Bean
		ImpersonationExecutor impersonation() {
			return new ImpersonationExecutor(2);
		}

		@Bean
		PipeListenerEndpointRegistry registry() {
			return new PipeListenerEndpointRegistry();
		}

		@Bean
		PipeEndpointRegistrar registrar(ConfigurableListableBeanFactory beanFactory,
				ImpersonationExecutor impersonation, PipeListenerEndpointRegistry registry, PipeTransport transport) {
			PipeEndpoints endpoints = new PipeEndpoints(beanFactory, List.of(), List.of(), null, impersonation,
					List.of(), transport.fileOpener());
			return new PipeEndpointRegistrar(endpoints, PipeContainerSettingsResolver.of(SETTINGS),
					new PipeListenerContainerFactory(List.of(transport), List.of()), registry);
		}

		@Bean
		PipeTemplate template(PipeTransport transport) {
			return PipeTemplate.builder(transport).address(ADDRESS).build();
		}

	}

	@PipeEndpoint("files")
	static class FileController {

		@PipeMapping
		@RunAsClient
		Resource read(@Payload String fileName) {
			return new FileSystemResource(fileName);
		}

	}

}
