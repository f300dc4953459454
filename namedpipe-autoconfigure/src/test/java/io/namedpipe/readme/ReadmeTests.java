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

package io.namedpipe.readme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

import io.namedpipe.autoconfigure.NamedPipeProperties;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Compares the README with the code: its classes are those of this package, its settings
 * exist, and no setting is left out.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("an application sets up the log anew, under the tests that look at it")
class ReadmeTests {

	private static final Path README = Path.of("..", "README.md");

	private static final Path SOURCES = Path.of("src/test/java/io/namedpipe/readme");

	private static final Path SOCKETS = Path.of("..", "interop", "java", "Sockets.java");

	private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

	private static String readme = "";

	@BeforeAll
	static void readReadme() throws IOException {
		assumeTrue(Files.exists(README), "needs the source tree: there is no README.md beside the module");
		readme = Files.readString(README);
	}

	@Test
	void fiveMinuteStartServesAFileAndPrintsIt(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve("text.txt"), "A text of one line.");
		String yaml = blocks("yaml").get(0);
		try (ConfigurableApplicationContext context = application(directory, yaml, FileController.class,
				FilePrinter.class)
			.run(file.toString())) {
			assertThat(context.isRunning()).isTrue();
			assertThat(output.getOut()).contains("A text of one line.");
			PipeOperations pipe = context.getBean(PipeOperations.class);
			assertThat(pipe.route("stat").query("name", file).retrieve(String.class)).contains("\"size\":19");
			assertThat(pipe.route("hello/Anna").retrieve(String.class)).startsWith("Hello Anna, you are ");
		}
	}

	@Test
	void listenerIsToldOfEachRequest(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve("text.txt"), "A text of one line.");
		String yaml = blocks("yaml").get(0);
		try (ConfigurableApplicationContext context = application(directory, yaml, FileController.class,
				FilePrinter.class, RequestLog.class)
			.run(file.toString())) {
			await().untilAsserted(() -> assertThat(output.getOut()).contains("Pipe files: replied=true after "));
		}
	}

	@Test
	void applicationWithoutAutoConfigurationServesAFile(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("text.txt"), "A text of one line.");
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			// The bean of the README is the same on each machine; this one is the test's
			// own.
			context.registerBean("transport", PipeTransport.class, () -> new MemoryPipeTransport());
			context.register(PipeConfiguration.class, FileController.class);
			context.refresh();
			assertThat(
					context.getBean(PipeTemplate.class).route("read").payload(file.toString()).retrieve(String.class))
				.isEqualTo("A text of one line.");
		}
	}

	@Test
	void handlerActsAsTheCallerForAPartOfItsWork(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("text.txt"), "seven..");
		String yaml = "namedpipe.server.pipes.reports.name: acme.reports";
		try (ConfigurableApplicationContext context = application(directory, yaml, ReportController.class).run()) {
			String report = context.getBean(PipeTemplateBuilder.class)
				.address(PipeAddress.of("acme.reports"))
				.build()
				.requestFile(file.toString());
			assertThat(report).contains("may read the 7 characters of " + file);
		}
	}

	@Test
	void rawPipeEchoes(@TempDir Path directory) throws IOException {
		String yaml = blocks("yaml").stream().filter((block) -> block.contains("protocol: raw")).findFirst().get();
		try (ConfigurableApplicationContext context = application(directory, yaml, EchoController.class,
				EchoClient.class)
			.run()) {
			assertThat(context.getBean(EchoClient.class).echo((byte) 1, (byte) 2, (byte) 3)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void httpPipeHasItsRoutes(@TempDir Path directory) throws IOException {
		String yaml = blocks("yaml").stream().filter((block) -> block.contains("protocol: http")).findFirst().get();
		try (ConfigurableApplicationContext context = application(directory, yaml, NoteController.class,
				NoteClient.class, RestNotes.class)
			.run()) {
			NoteClient client = context.getBean(NoteClient.class);
			client.write("todo", "Buy milk");
			assertThat(client.read("todo")).isEqualTo("Buy milk");
			assertThat(client.read("other")).isEmpty();
			assertThat(client.readLater("todo").join()).isEqualTo("Buy milk");
			assertThat(client.count("todo")).isEqualTo(8);
			assertThat(context.getBean(RestNotes.class).read("todo")).isEqualTo("Buy milk");
		}
	}

	@ParameterizedTest
	@MethodSource
	void javaOfTheReadmeIsCompiledHere(String block) throws IOException {
		List<String> sources = new ArrayList<>();
		try (Stream<Path> files = Files.list(SOURCES)) {
			for (Path file : files.toList()) {
				sources.add(withoutIndentation(Files.readString(file)));
			}
		}
		// With libraries that only interop/sockets/run has.
		sources.add(withoutIndentation(Files.readString(SOCKETS)));
		assertThat(sources).anySatisfy((source) -> assertThat(source).contains(withoutIndentation(block)));
	}

	static List<String> javaOfTheReadmeIsCompiledHere() throws IOException {
		readReadme();
		return blocks("java");
	}

	@Test
	void settingsOfTheReadmeExist() throws IOException {
		for (String block : blocks("yaml")) {
			PropertySource<?> yaml = load(block);
			Binder binder = new Binder(ConfigurationPropertySources.from(yaml));
			assertThat(binder
				.bind("namedpipe", Bindable.of(NamedPipeProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
				.isBound()).as(block).isTrue();
		}
	}

	@Test
	void authoritiesOfTheReadmeKeepTheirKeys() throws IOException {
		String block = blocks("yaml").stream().filter((text) -> text.contains("authorities:")).findFirst().get();
		NamedPipeProperties properties = new Binder(ConfigurationPropertySources.from(load(block)))
			.bind("namedpipe", NamedPipeProperties.class)
			.get();
		assertThat(properties.getServer().getAuthorities()).containsOnlyKeys("anna", "1001", "group:27", "S-1-5-18",
				"ACME\\anna");
	}

	@Test
	void everySettingIsInTheReadme() throws IOException {
		try (var metadata = ReadmeTests.class.getResourceAsStream(METADATA)) {
			assertThat(metadata).isNotNull();
			List<String> names = JsonPath.read(metadata, "$.properties[?(@.name != 'namedpipe.server.pipes')].name");
			assertThat(names).hasSizeGreaterThan(30).allSatisfy((name) -> {
				String inPipe = name.replace("namedpipe.server.", "");
				assertThat(readme).containsAnyOf("| `" + name + "` |", "| `" + inPipe + "` |");
			});
		}
	}

	@Test
	void everySettingInTheReadmeExists() throws IOException {
		try (var metadata = ReadmeTests.class.getResourceAsStream(METADATA)) {
			assertThat(metadata).isNotNull();
			List<String> names = JsonPath.read(metadata, "$.properties[*].name");
			String tables = readme.substring(readme.indexOf("\n## Settings"), readme.indexOf("\n### Who may connect"));
			List<String> rows = Pattern.compile("^\\| `([a-z.-]+)` \\|", Pattern.MULTILINE)
				.matcher(tables)
				.results()
				.map((row) -> row.group(1))
				.filter((row) -> !row.equals("name"))
				.toList();
			assertThat(rows).hasSizeGreaterThan(30)
				.allSatisfy((row) -> assertThat(names).containsAnyOf(row, "namedpipe.server." + row,
						"namedpipe.server.pipes." + row))
				.doesNotHaveDuplicates();
		}
	}

	private static SpringApplicationBuilder application(Path directory, String yaml, Class<?>... beans)
			throws IOException {
		PropertySource<?> settings = load(yaml);
		return new SpringApplicationBuilder(Application.class).sources(beans)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.environment(new StandardEnvironment() {

				{
					getPropertySources().addFirst(settings);
					getPropertySources().addFirst(
							new MapPropertySource("test", Map.of("namedpipe.unix.directory", directory.toString())));
				}

			});
	}

	private static PropertySource<?> load(String yaml) throws IOException {
		return new YamlPropertySourceLoader()
			.load("README.md", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.get(0);
	}

	private static List<String> blocks(String language) {
		Matcher matcher = Pattern.compile("^```" + language + "\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(readme);
		return matcher.results().map((result) -> result.group(1)).toList();
	}

	private static String withoutIndentation(String code) {
		return code.replaceAll("(?m)^\\s+", "").replaceAll("\\R+", "\n").strip();
	}

	/**
	 * The application around the README's classes.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
