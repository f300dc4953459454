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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which handler a path and a method lead to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http");

	private void call(String request, java.util.function.Consumer<Reply> check) {
		this.runner.withUserConfiguration(Files.class).run((context) -> check.accept(RawHttp.call(context, request)));
	}

	@ParameterizedTest
	@CsvSource({ "GET /, root", "GET /list, list", "GET /files/a.txt, GET name=a.txt",
			"POST /files/a.txt, any name=a.txt", "HEAD /files/a.txt, ''", "HEAD /list, ''",
			"DELETE /files/a, DELETE name=a", "GET /files/special, special",
			"DELETE /files/special, DELETE name=special", "GET /files/a%2Fb, GET name=a/b",
			"GET /files/%252e, GET name=%2e", "GET /files/a%20b+c, GET name=a b+c",
			"GET /files/%E2%82%AC, GET name=\u20ac", "GET /%6cist, list", "GET /files/C%3A%5Ca, GET name=C:\\a",
			"GET /a%20b, blank", "GET /files/x/y, x and y", "GET /x/meta, meta of x", "GET /files/meta, GET name=meta",
			"GET /files/x%2Fy/z, x/y and z", "GET /tree, tree=", "GET /tree/, tree=",
			"GET /tree/a/b%2Fc/d, tree=a/b/c/d", "GET /tree/a, tree=a", "GET /number/7, 14", "GET /old/a, old a",
			"GET /new/a, old a", "GET /plain, plain", "GET /files/a.txt?x=/y, GET name=a.txt" })
	void pathLeadsToTheClosestRoute(String request, String expected) {
		call(request, (reply) -> {
			assertThat(reply.status()).isEqualTo(200);
			assertThat(reply.text()).isEqualTo(expected);
		});
	}

	@Test
	void placeholdersInRoutesAndMethodsAreResolved() {
		ApplicationContextRunner placeholders = this.runner
			.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
			.withUserConfiguration(Placeholders.class);
		placeholders.withPropertyValues("my.version=v2", "my.method=PUT").run((context) -> {
			assertThat(RawHttp.call(context, "PUT /v2/items/7").text()).isEqualTo("7");
			assertThat(RawHttp.call(context, "PUT /v3/items/7").text()).isEqualTo("7");
			assertThat(RawHttp.call(context, "GET /v2/items/7").status()).isEqualTo(405);
		});
		EndpointAssertions.assertRefused(placeholders, "Placeholders.read",
				"Could not resolve placeholder 'my.version'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/files", "/files/", "/list/", "//list", "/LIST", "/files//y", "/files/a/b/c", "/list%2F",
			"/files%2Fa", "/files%2Fspecial", "/a+b", "/list;x=y", "/x%2Fmeta%2Fy" })
	void otherPathsHaveNoHandler(String path) {
		call("GET " + path, (reply) -> assertThat(reply.status()).isEqualTo(404));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/files/..", "/files/.", "/../list", "/tree/a/../b", "/files/%2e%2E", "/files/..%2Fa",
			"/files/a%2f..", "/files/a%5C..%5Cb", "/files/%2E/x", "/tree/.", "/./list" })
	void pathWithDotSegmentsIsRefused(String path) {
		call("GET " + path, (reply) -> assertThat(reply.status()).isEqualTo(400));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "PUT /list; 405; GET, HEAD, OPTIONS", "BREW /list; 405; GET, HEAD, OPTIONS",
					"get /list; 405; GET, HEAD, OPTIONS", "OPTIONS /list; 204; GET, HEAD, OPTIONS",
					"OPTIONS /files/a; 204; DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
					"TRACE /plain; 405; DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", "PUT /own; 405; OPTIONS",
					"OPTIONS /files/special; 204; DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT" })
	void methodThatARouteDoesNotTakeGetsThoseThatItTakes(String request, int status, String allow) {
		call(request, (reply) -> {
			assertThat(reply.status()).isEqualTo(status);
			assertThat(reply.field("Allow")).isEqualTo(allow);
			if (status == 405) {
				assertThat(reply.body()).contains("\"status\":405").contains("\"code\":\"BAD_REQUEST\"");
			}
		});
	}

	@Test
	void optionsCanHaveAHandler() {
		call("OPTIONS /own", (reply) -> assertThat(reply.body()).isEqualTo("own"));
	}

	@Test
	void ownMethodOfHttpIsTakenByAHandlerOfAll() {
		call("BREW /plain", (reply) -> assertThat(reply.body()).isEqualTo("plain"));
	}

	@Test
	void routesThatCannotWorkAreErrorsAtStartUp() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(Ambiguous.class),
				"'a/{y}' has two handlers: ");
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(SameMethod.class), "two handlers for GET: ");
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(SlashOnly.class), "has two handlers: ");
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(NoVariable.class),
				"is the variable 'title', which the route 'files/{name}' does not have");
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(BadMethod.class),
				"'get' is not a method such as GET");
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(BadPattern.class),
				"'files/{name}.txt' a variable is not a whole segment");
	}

	@Test
	void protocolWithoutPathsHasNoMethodsAndNoVariables() {
		ApplicationContextRunner other = PipeRunner.create()
			.withPropertyValues("namedpipe.server.pipes.files.protocol=stream-string");
		EndpointAssertions.assertRefused(other.withUserConfiguration(OnlyGet.class),
				"it takes requests of [GET], and those of the protocol stream-string have no method");
		EndpointAssertions.assertRefused(other.withUserConfiguration(NoVariable.class),
				"routes of the protocol stream-string have none");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a*", "**", "{a}{b}", "{a}x", "x{a}", "{}", "{*}", "{a:.*}", "{*a}/b", "{a}/{a}", "a?",
			"}", "{a b}" })
	void otherPatternsAreRefused(String route) {
		assertThatIllegalArgumentException().isThrownBy(() -> RoutePattern.of(route)).withMessageContaining(route);
	}

	@ParameterizedTest
	@CsvSource({ "/a/b, a/b", "/a/q, a/{x}", "/a/q/b, a/{x}/b", "/a/q/r, a/{x}/{*rest}", "/a, a/{*rest}", "/q, {x}",
			"/q/b, {x}/b", "/q/r, {x}/{*rest}", "/b/c, b/{*rest}", "/b, b/{*rest}" })
	void ofRoutesThatOverlapTheClosestOneIsChosen(String path, String route) {
		this.runner.withUserConfiguration(Overlapping.class)
			.run((context) -> assertThat(RawHttp.call(context, "GET " + path).body()).isEqualTo(route));
	}

	@PipeEndpoint("files")
	static class Placeholders {

		@PipeMapping(value = { "${my.version}/items/{id}", "${my.other:v3}/items/{id}" }, method = "${my.method}")
		String read(@DestinationVariable String id) {
			return id;
		}

	}

	@PipeEndpoint("files")
	static class Files {

		@PipeMapping
		String root() {
			return "root";
		}

		@PipeMapping(value = "list", method = "GET")
		String list() {
			return "list";
		}

		@PipeMapping(value = "files/{name}", method = "GET")
		String read(@DestinationVariable String name) {
			return "GET name=" + name;
		}

		@PipeMapping(value = "files/{title}", method = "DELETE")
		String delete(@DestinationVariable("title") String name) {
			return "DELETE name=" + name;
		}

		@PipeMapping("files/{name}")
		String any(@DestinationVariable String name) {
			return "any name=" + name;
		}

		@PipeMapping(value = "files/special", method = { "GET", "POST" })
		String special() {
			return "special";
		}

		@PipeMapping("files/{x}/{y}")
		String two(@DestinationVariable String x, @DestinationVariable String y) {
			return x + " and " + y;
		}

		@PipeMapping("{x}/meta")
		String meta(@DestinationVariable String x) {
			return "meta of " + x;
		}

		@PipeMapping("a b")
		String blank() {
			return "blank";
		}

		@PipeMapping("/tree/{*path}")
		String tree(@DestinationVariable String path) {
			return "tree=" + path;
		}

		@PipeMapping("number/{number}")
		String number(@DestinationVariable int number) {
			return String.valueOf(2 * number);
		}

		@PipeMapping({ "old/{name}", "new/{name}" })
		String old(@DestinationVariable String name) {
			return "old " + name;
		}

		@PipeMapping(value = "own", method = "OPTIONS")
		String own() {
			return "own";
		}

		@MessageMapping("plain")
		String plain() {
			return "plain";
		}

	}

	@PipeEndpoint("files")
	static class Overlapping {

		@PipeMapping("{x}/{*rest}")
		String xRest() {
			return "{x}/{*rest}";
		}

		@PipeMapping("{x}/b")
		String xb() {
			return "{x}/b";
		}

		@PipeMapping("{x}")
		String x() {
			return "{x}";
		}

		@PipeMapping("b/{*rest}")
		String bRest() {
			return "b/{*rest}";
		}

		@PipeMapping("a/{*rest}")
		String aRest() {
			return "a/{*rest}";
		}

		@PipeMapping("a/{x}/{*rest}")
		String axRest() {
			return "a/{x}/{*rest}";
		}

		@PipeMapping("a/{x}/b")
		String axb() {
			return "a/{x}/b";
		}

		@PipeMapping("a/{x}")
		String ax() {
			return "a/{x}";
		}

		@PipeMapping("a/b")
		String ab() {
			return "a/b";
		}

	}

	@PipeEndpoint("files")
	static class Ambiguous {

		@PipeMapping({ "first", "a/{x}" })
		String first() {
			return "";
		}

		@PipeMapping({ "second", "a/{y}" })
		String second() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class SameMethod {

		@PipeMapping(value = "a", method = { "PUT", "GET" })
		String first() {
			return "";
		}

		@PipeMapping(value = "a", method = "GET")
		String second() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class SlashOnly {

		@PipeMapping("a")
		String first() {
			return "";
		}

		@PipeMapping("/a")
		String second() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class NoVariable {

		@PipeMapping("files/{name}")
		String read(@DestinationVariable String title) {
			return title;
		}

	}

	@PipeEndpoint("files")
	static class BadMethod {

		@PipeMapping(value = "a", method = "get")
		String read() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class OnlyGet {

		@PipeMapping(value = "a", method = "GET")
		String read() {
			return "";
		}

	}

	@PipeEndpoint("files")
	static class BadPattern {

		@PipeMapping("files/{name}.txt")
		String read() {
			return "";
		}

	}

}
