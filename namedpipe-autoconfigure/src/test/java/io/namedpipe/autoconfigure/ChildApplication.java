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

import java.io.IOException;
import java.io.InputStream;

import jakarta.annotation.PreDestroy;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;

/**
 * The application of {@link ChildProcessTests}, which serves its parent.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ChildApplication.Worker.class)
public class ChildApplication {

	public static void main(String[] arguments) {
		new SpringApplicationBuilder(ChildApplication.class)
			.properties("namedpipe.server.pipes.worker.name=parent", "namedpipe.server.pipes.worker.protocol=http")
			.run(arguments);
	}

	@PipeEndpoint("worker")
	static class Worker {

		@PipeMapping("id")
		String id() {
			return Long.toString(ProcessHandle.current().pid());
		}

		@PipeMapping("length")
		String length(InputStream stream) throws IOException {
			return id() + " " + stream.readAllBytes().length;
		}

		@PreDestroy
		void destroyed() {
			System.err.println("the context has closed");
		}

	}

}
