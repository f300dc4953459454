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

import java.time.Duration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;

/**
 * Applications with the auto-configurations of this library, over a memory transport of
 * their own. Their pipes speak stream-string unless a test says otherwise.
 */
public final class PipeRunner {

	private PipeRunner() {
	}

	public static ApplicationContextRunner create() {
		// A busy machine may need long to greet.
		return createWithDefaults().withPropertyValues("namedpipe.server.protocol=stream-string",
				"namedpipe.client.connect-timeout=30s");
	}

	static ApplicationContextRunner createWithDefaults() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(NamedPipeAutoConfiguration.class,
					NamedPipeServerAutoConfiguration.class, NamedPipeChildAutoConfiguration.class,
					NamedPipeClientAutoConfiguration.class, NamedPipeSecurityAutoConfiguration.class,
					NamedPipeHealthAutoConfiguration.class, NamedPipeRequestAutoConfiguration.class))
			.withPropertyValues("namedpipe.transport=memory");
	}

	public static String ask(ApplicationContext context, String pipe, String text) {
		return PipeTemplate.builder(context.getBean(PipeTransport.class))
			.address(PipeAddress.of(pipe))
			.options(
					PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(Background.PATIENCE_SECONDS)).build())
			.build()
			.requestFile(text);
	}

}
