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

package io.namedpipe.demo.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;

import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerEndpointRegistry;

/**
 * Serves files over the pipe {@code testpipe}.
 */
@SpringBootApplication
public class DemoServerApplication {

	/**
	 * Run the server until it is told to end.
	 * @param args the arguments of Spring Boot
	 */
	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(DemoServerApplication.class);
		application.addListeners((ApplicationReadyEvent event) -> announce(
				event.getApplicationContext().getBean(PipeListenerEndpointRegistry.class)));
		application.run(args);
	}

	// The one line on standard output, for scripts that wait for the server: the log goes
	// to standard error.
	private static void announce(PipeListenerEndpointRegistry registry) {
		for (PipeListenerContainer container : registry.getContainers()) {
			System.out.println("Ready, listening on the pipe " + container.settings().address());
		}
	}

}
