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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.autoconfigure.NamedPipeAutoConfiguration;
import io.namedpipe.autoconfigure.NamedPipeClientAutoConfiguration;
import io.namedpipe.autoconfigure.NamedPipeServerAutoConfiguration;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;
import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JSON without a {@code JsonMapper} bean, and when Jackson is loaded for it.
 */
@Timeout(120)
class DefaultJsonTests {

	@Test
	void jsonNeedsNoMapperBean() {
		PipeRunner.create()
			.withUserConfiguration(NoteEndpoint.class)
			.withPropertyValues("namedpipe.server.protocol=http")
			.run((context) -> {
				Reply reply = RawHttp.post(context, "/notes", "application/json", "{\"fileName\":\"a.txt\"}");
				assertThat(reply.text()).isEqualTo("{\"fileName\":\"a.txt!\"}");
				assertThat(reply.field("Content-Type")).isEqualTo("application/json");
			});
	}

	@Test
	void mapperBeanGoesBefore() {
		PipeRunner.create()
			.withUserConfiguration(NoteEndpoint.class)
			.withBean(JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.withPropertyValues("namedpipe.server.protocol=http")
			.run((context) -> assertThat(
					RawHttp.post(context, "/notes", "application/json", "{\"file_name\":\"a.txt\"}").text())
				.isEqualTo("{\"file_name\":\"a.txt!\"}"));
	}

	// What runs as a client must not be the first to load it.
	@ParameterizedTest
	@CsvSource({ "TextEndpoint, stream-string, false", "NoteEndpoint, http, false", "ClientNoteEndpoint, http, true" })
	void jacksonIsLoadedAtTheStartOnlyForHandlersThatRunAsClients(String endpoint, String protocol, boolean loaded)
			throws Exception {
		Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS",
				"-Xlog:class+load:stdout -Dspring.backgroundpreinitializer.ignore=true");
		try (ChildJvm child = ChildJvm.start(Application.class, environment, List.of(),
				System.getProperty("java.class.path"), DefaultJsonTests.class.getName() + "$" + endpoint, protocol)) {
			List<String> lines = child.lines().toList();
			assertThat(lines).anyMatch((line) -> line.contains("The application has started"));
			assertThat(lines.stream().anyMatch((line) -> line.contains(" tools.jackson.databind.ser.SerializerCache ")))
				.isEqualTo(loaded);
			assertThat(child.exitCode()).isZero();
		}
	}

	record Note(String fileName) {

	}

	@PipeEndpoint("files")
	static class TextEndpoint {

		@PipeMapping
		String read(@Payload String name) {
			return name;
		}

	}

	@PipeEndpoint("files")
	static class NoteEndpoint {

		@PipeMapping("notes")
		Note write(@Payload Note note) {
			return new Note(note.fileName() + "!");
		}

	}

	@PipeEndpoint("files")
	static class ClientNoteEndpoint {

		@RunAsClient
		@PipeMapping("notes")
		Note write(@Payload Note note) {
			return note;
		}

	}

	/**
	 * Started as a process, with the class of its endpoint and the protocol.
	 */
	@ImportAutoConfiguration({ NamedPipeAutoConfiguration.class, NamedPipeServerAutoConfiguration.class,
			NamedPipeClientAutoConfiguration.class })
	public static class Application {

		public static void main(String[] args) throws ClassNotFoundException {
			Class<?> endpoint = ClassUtils.forName(args[0], Application.class.getClassLoader());
			SpringApplication application = new SpringApplicationBuilder(Application.class, endpoint)
				.web(WebApplicationType.NONE)
				.build();
			application
				.setDefaultProperties(Map.of("namedpipe.transport", "memory", "namedpipe.server.protocol", args[1]));
			try (ConfigurableApplicationContext context = application.run()) {
				System.out.println("The application has started: " + context.isActive());
			}
		}

	}

}
