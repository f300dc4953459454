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

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

import io.namedpipe.autoconfigure.NamedPipeProperties.Transport;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;
import io.namedpipe.transport.windows.WindowsPipeTransport;

/**
 * {@link AutoConfiguration Auto-configuration} for what servers and clients of named
 * pipes share.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnSwitch("namedpipe.enabled")
@EnableConfigurationProperties
public final class NamedPipeAutoConfiguration {

	NamedPipeAutoConfiguration() {
	}

	// By the same name in each context, so that an ancestor's is not called too.
	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor unknownPipeSettings(ListableBeanFactory beanFactory) {
		return (handler) -> new UnknownSettings(handler, beanFactory);
	}

	// Of each context, which may have other settings than its ancestors.
	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	NamedPipeProperties namedPipeProperties() {
		return new NamedPipeProperties();
	}

	@Bean
	@ConditionalOnMissingBean
	PipeTransport pipeTransport(NamedPipeProperties properties) {
		boolean windows = WindowsPipeTransport.isAvailable();
		if (properties.getTransport() == Transport.WINDOWS && !windows) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.transport", "windows",
					"There are no such pipes on this operating system; use 'auto', or 'unix'.");
		}
		if (properties.getTransport() == Transport.UNIX && windows) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.transport", "unix",
					"It needs the file permissions of Linux or macOS; use 'auto', or 'windows'.");
		}
		return switch (properties.getTransport()) {
			case UNIX -> unixTransport(properties.getUnix());
			case MEMORY -> new MemoryPipeTransport();
			case WINDOWS -> new WindowsPipeTransport();
			case AUTO -> windows ? new WindowsPipeTransport() : unixTransport(properties.getUnix());
		};
	}

	private static UnixPipeTransport unixTransport(UnixProperties unix) {
		return UnixPipeTransport.builder()
			.directory(unix.directory())
			.fuseAllowed(unix.allowFuse())
			.portableFileOpenerAllowed(unix.allowPortableFileOpener())
			.unfilteredThreadsAllowed(unix.allowUnfilteredThreads())
			.build();
	}

	@Bean
	PipeProtocols pipeProtocols(ObjectProvider<PipeProtocolFactory> factories, ObjectProvider<PipeProtocol> protocols) {
		return new PipeProtocols(factories.orderedStream().toList(), protocols.orderedStream().toList());
	}

}
