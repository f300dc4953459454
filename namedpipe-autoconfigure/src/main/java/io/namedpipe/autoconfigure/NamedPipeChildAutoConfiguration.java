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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.anonymous.ChildPipeConnector;
import io.namedpipe.transport.anonymous.PipeProcess;

/**
 * {@link AutoConfiguration Auto-configuration} for a child process that the client starts
 * and talks to.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class, before = NamedPipeClientAutoConfiguration.class)
@ConditionalOnSwitch("namedpipe.enabled")
public final class NamedPipeChildAutoConfiguration {

	NamedPipeChildAutoConfiguration() {
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@Conditional(OnChild.class)
	@ConditionalOnMissingBean
	ChildPipeConnector childConnector(NamedPipeProperties properties) {
		NamedPipeProperties.Client client = properties.getClient();
		SettingRanges.check(client);
		List<String> command = client.child().command();
		if (command.isEmpty() || command.get(0).isBlank()) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.client.child.command", command,
					"It must be the program of the child, followed by its arguments.");
		}
		Path directory = client.child().directory();
		if (directory != null && !Files.isDirectory(directory)) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.client.child.directory", directory,
					"There is no such directory.");
		}
		String name = client.defaultPipe();
		if (name == null) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.client.default-pipe", null,
					"The child needs a name by which the client calls it, such as 'child'.");
		}
		return new ChildPipeConnector(address(name), () -> child(client.child()), client.child().maxRestarts(),
				client.child().restartDelay());
	}

	private static PipeAddress address(String name) {
		try {
			return PipeAddress.of(name);
		}
		catch (PipeAddressException ex) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.client.default-pipe", name,
					String.valueOf(ex.getMessage()), ex);
		}
	}

	private static PipeProcess.Builder child(ClientChildProperties properties) {
		if (PipeThread.isActingAsClient()) {
			throw new PipeImpersonationException(
					"A child would be started with rights of the client; call it outside of the client's scope");
		}
		ProcessBuilder process = new ProcessBuilder(properties.command());
		if (properties.directory() != null) {
			process.directory(properties.directory().toFile());
		}
		PipeProcess.Builder child = PipeProcess.of(process).closeTimeout(properties.closeTimeout());
		return properties.handles() ? child.handles() : child;
	}

}
