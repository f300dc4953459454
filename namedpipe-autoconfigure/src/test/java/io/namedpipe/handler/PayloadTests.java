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

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.annotation.Validated;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;
import io.namedpipe.protocol.PipeRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The conversion of bodies, by their content types, and of queries.
 */
class PayloadTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withBean(SmartValidator.class, NameValidator::new)
		.withUserConfiguration(Payloads.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http");

	private void assertReplies(String target, String type, String body, String reply) {
		this.runner.run((context) -> {
			Reply answer = RawHttp.post(context, target, type, body);
			assertThat(answer.text()).isEqualTo(reply);
			assertThat(answer.status()).isEqualTo(200);
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|',
			value = { "/stat | application/json | {\"name\":\"a\",\"depth\":2} | a 2 []",
					"/stat | application/json;charset=UTF-8 | {\"name\":\"a\",\"tags\":[\"x\",\"y\"]} | a 0 [x, y]",
					"/stat | application/merge-patch+json | {\"name\":\"\u20ac\"} | \u20ac 0 []",
					"/stat | !! | {\"name\":\"a\"} | a 0 []", "/stat | " + FORM + " | name=a+b&depth=3 | a b 3 []",
					"/stat | " + FORM + " | name=%E2%82%AC&tags=x&tags=y | \u20ac 0 [x, y]",
					"/stat | " + FORM + " | name=a&tags[1]=y&tags[0]=x | a 0 [x, y]",
					"/stat?name=a&depth=2 | !! | !! | a 2 []", "/stat?name=a&other=x | !! | !! | a 0 []",
					"/bean?name=a%20b | !! | !! | a b", "/text | text/plain | h\u00e9 | h\u00e9",
					"/text | application/json | {\"a\":1} | {\"a\":1}", "/text | application/json | \"a\\u0062\" | ab",
					"/text | application/json | ! \t\r\n \"a\"! | a", "/text | application/json | ! \n! | ! \n!",
					"/text | application/xml | <a/> | <a/>", "/text | application/soap+xml | <a/> | <a/>",
					"/chars | application/json | \"a\" | a", "/text | application/octet-stream | x | x",
					"/text | text/plain | \ufffdx | \ufffdx", "/text | text/plain | x\ufffd | x\ufffd",
					"/text?fileName=a.txt | !! | !! | a.txt", "/text?name=a%2Fb.txt | !! | !! | a/b.txt",
					"/text?a.txt | !! | !! | a.txt", "/text?=a.txt | !! | !! | a.txt", "/age?age=PT5S | !! | !! | 5",
					"/text?name=x&fileName=y | !! | !! | y", "/text | " + FORM + " | a.txt | a.txt",
					"/text | " + FORM + " | name=a.txt | a.txt", "/text?x=1 | text/plain | body | body",
					"/number | text/plain | 21 | 42", "/number | application/json | 21 | 42",
					"/number?21 | !! | !! | 42", "/list | application/json | [{\"name\":\"a\"},{\"name\":\"b\"}] | a+b",
					"/numbers?n=1&n=2 | !! | !! | 3", "/numbers?n=1,2 | !! | !! | 3", "/numbers?n=7 | !! | !! | 7",
					"/numbers | " + FORM + " | n=1%2C2 | 3", "/numbers | application/json | [1,2] | 3",
					"/map?a=1&b=2 | !! | !! | a=1 b=2", "/values?a=1&b=2&b=3 | !! | !! | {a=1, b=[2, 3]}",
					"/values | application/json | {\"a\":\"1\",\"b\":[\"2\",\"3\"]} | {a=1, b=[2, 3]}",
					"/map | application/json | {\"a\":\"1\"} | a=1", "/bytes | image/png | xyz | 3",
					"/stream | image/png | xyz | 3", "/optional | !! | !! | none", "/optional | text/plain | x | x" })
	void payloadIsMadeByItsType(String target, @Nullable String type, @Nullable String body, String reply) {
		assertReplies(target, (type != null) ? type : "", (body != null) ? body : "", reply);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|',
			value = { "/maybe?abc | !! | !! | abc", "/maybe | text/plain | abc | abc", "/maybe | !! | !! | none",
					"/maybeStat?name=a | !! | !! | a 0 []", "/maybeStat | application/json | {\"name\":\"a\"} | a 0 []",
					"/duration?PT5S | !! | !! | 5", "/duration | text/plain | PT5S | 5",
					"/buffer | image/png | xyz | 3", "/object | text/plain | x | x String",
					"/object | application/json | {} | {} String", "/object | image/png | x | 1 byte",
					"/message | text/plain | x | x", "/request | text/plain | x | request POST" })
	void payloadMayBeOfManyTypes(String target, @Nullable String type, @Nullable String body, String reply) {
		assertReplies(target, (type != null) ? type : "", (body != null) ? body : "", reply);
	}

	@Test
	void textHasItsCharset() {
		this.runner.run((context) -> {
			byte[] latin = "h\u00e9".getBytes(StandardCharsets.ISO_8859_1);
			assertThat(RawHttp.call(context, "POST /text\nContent-Type: text/plain; charset=iso-8859-1", latin).text())
				.isEqualTo("h\u00e9");
			assertThat(RawHttp.call(context, "POST /text\nContent-Type: text/plain", latin).status()).isEqualTo(400);
			assertThat(
					RawHttp.call(context, "POST /text\nContent-Type: text/plain", new byte[] { (byte) 0xe9 }).status())
				.isEqualTo(400);
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|', value = { "/stat | image/png | x | 415",
			"/stat | text/plain | {} | 415", "/stat | application/octet-stream | {} | 415",
			"/text | image/png | x | 415", "/text | nonsense | x | 415", "/text | text/plain;charset=x-none | x | 415",
			"/stat | application/json | null | 400", "/text | application/json | \"a | 400",
			"/stat | application/json | {\"name\": | 400", "/stat | application/json | {\"depth\":\"many\"} | 400",
			"/stat | application/json | [] | 400", "/stat | " + FORM + " | {\"name\":1} | 400",
			"/stat?a.txt | !! | !! | 400", "/stat | " + FORM + " | name=%zz | 400",
			"/stat?name=a&depth=many | !! | !! | 400", "/stat?name=%ff | !! | !! | 400", "/stat | !! | !! | 400",
			"/text | !! | !! | 400", "/text?a=1&b=2 | !! | !! | 400", "/number | text/plain | x | 400",
			"/number?x | !! | !! | 400", "/header | !! | !! | 400", "/list | text/plain | many | 415",
			"/strict?name=many | !! | !! | 400", "/strict | " + FORM + " | name=many | 400",
			"/strict | application/json | {\"name\":\"many\"} | 400",
			"/stat | application/json | {\"name\":\"a\", many | 400", "/stat | application/json | {\"many\":{ | 400" })
	void otherPayloadsAreRefusedWithoutTellingTheirContent(String target, @Nullable String type, @Nullable String body,
			int status) {
		this.runner.run((context) -> {
			Reply answer = RawHttp.post(context, target, (type != null) ? type : "", (body != null) ? body : "");
			assertThat(answer.status()).isEqualTo(status);
			assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
			assertThat(answer.text()).contains("\"code\":\"BAD_REQUEST\"")
				.doesNotContain("many", "Payloads", "java", "Exception");
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|',
			value = { "/checked | application/json | {\"name\":\"secret\"} | {\"name\":\"must not be secret\"}",
					"/checked?name=secret | !! | !! | {\"name\":\"must not be secret\"}",
					"/checked?name=a&depth=secret | !! | !! | {\"depth\":\"has a value of another type\"}",
					"/sized?name=a | !! | !! | {\"size\":\"is missing\"}" })
	void violationsNameTheirFields(String target, @Nullable String type, @Nullable String body, String fields) {
		this.runner.run((context) -> {
			Reply answer = RawHttp.post(context, target, (type != null) ? type : "", (body != null) ? body : "");
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.text()).endsWith(",\"fields\":" + fields + "}");
			assertThat(RawHttp.call(context, "GET /checked?name=a").text()).isEqualTo("a");
		});
	}

	@Test
	void headersAreConverted() {
		this.runner.run((context) -> {
			assertThat(RawHttp.call(context, "GET /header\nX-Count: 21").text()).isEqualTo("42 none");
			assertThat(RawHttp.call(context, "GET /header\nX-Count: 21\nX-Tag: t").text()).isEqualTo("42 t");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "GET /header | (its header 'x-count') is",
					"GET /header\\nX-Count: secret | (its header 'x-count') is", "GET /number?secret | the request is",
					"GET /part/secret | (its path) is" })
	void refusalSaysWhatOfTheRequestItIsAbout(String request, String text) {
		this.runner.run((context) -> {
			Reply answer = RawHttp.call(context, request.replace("\\n", "\n"));
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.text()).contains(text + " not what the route takes").doesNotContain("secret");
		});
	}

	@Test
	void caseOfAHeadersNameMeansNothing() {
		this.runner.run((context) -> {
			assertThat(RawHttp.call(context, "GET /cased\nX-COUNT: 21\nx-tag: t").text()).isEqualTo("42 t");
			assertThat(RawHttp.call(context, "GET /cased\nx-count: 21").text()).isEqualTo("42 none");
			assertThat(RawHttp.call(context, "GET /cased\nx-tag: t").status()).isEqualTo(400);
		});
	}

	record StatRequest(String name, @Nullable Integer depth, @Nullable List<String> tags) {

		@Override
		public String toString() {
			return "%s %d %s".formatted(this.name, (this.depth != null) ? this.depth : 0,
					(this.tags != null) ? this.tags : List.of());
		}

	}

	record Strict(String name) {

		Strict {
			throw new IllegalArgumentException("not " + name);
		}

	}

	public static class Bean {

		private String name = "";

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

	record Age(Duration age) {
	}

	record Sized(String name, int size) {
	}

	@PipeEndpoint("files")
	static class Payloads {

		@PipeMapping("age")
		String age(@Payload Age age) {
			return String.valueOf(age.age().toSeconds());
		}

		@PipeMapping("stat")
		String stat(@Payload StatRequest request) {
			return request.toString();
		}

		@PipeMapping("checked")
		String checked(@Payload @Validated StatRequest request) {
			return request.name();
		}

		@PipeMapping("bean")
		String bean(@Payload Bean bean) {
			return bean.getName();
		}

		@PipeMapping("text")
		String text(@Payload String fileName) {
			return fileName;
		}

		@PipeMapping("sized")
		String sized(@Payload Sized sized) {
			return sized.toString();
		}

		@PipeMapping("chars")
		String chars(@Payload CharSequence text) {
			return text.toString();
		}

		@PipeMapping("number")
		String number(@Payload int number) {
			return String.valueOf(2 * number);
		}

		@PipeMapping("list")
		String list(@Payload List<StatRequest> requests) {
			return String.join("+", requests.stream().map(StatRequest::name).toList());
		}

		@PipeMapping("part/{part}")
		int part(@DestinationVariable int part) {
			return part;
		}

		@PipeMapping("numbers")
		int numbers(@Payload List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

		@PipeMapping("values")
		String values(@Payload Map<String, Object> values) {
			return new TreeMap<>(values).toString();
		}

		@PipeMapping("map")
		String map(@Payload Map<String, String> values) {
			return String.join(" ", values.entrySet().stream().map(Object::toString).sorted().toList());
		}

		@PipeMapping("bytes")
		String bytes(byte[] bytes) {
			return String.valueOf(bytes.length);
		}

		@PipeMapping("stream")
		String stream(InputStream stream) throws IOException {
			return String.valueOf(stream.readAllBytes().length);
		}

		@PipeMapping("optional")
		String optional(@Payload(required = false) @Nullable String text) {
			return (text != null) ? text : "none";
		}

		@PipeMapping("maybe")
		String maybe(@Payload Optional<String> text) {
			return text.orElse("none");
		}

		@PipeMapping("maybeStat")
		String maybeStat(@Payload Optional<StatRequest> request) {
			return request.map(StatRequest::toString).orElse("none");
		}

		@PipeMapping("duration")
		String duration(@Payload Duration duration) {
			return String.valueOf(duration.toSeconds());
		}

		@PipeMapping("buffer")
		String buffer(ByteBuffer buffer) {
			return String.valueOf(buffer.remaining());
		}

		@PipeMapping("object")
		String object(@Payload Object content) {
			return (content instanceof byte[] bytes) ? bytes.length + " byte"
					: content + " " + content.getClass().getSimpleName();
		}

		@PipeMapping("message")
		String message(Message<Optional<String>> message) {
			return message.getPayload().orElse("none");
		}

		@PipeMapping("request")
		String request(PipeRequest request, Optional<Principal> caller) {
			return request.route() + " " + request.headers().get(":method") + (caller.isPresent() ? "" : " of nobody");
		}

		@PipeMapping("strict")
		String strict(@Payload Strict strict) {
			return strict.name();
		}

		@PipeMapping("cased")
		String cased(@Header("X-Count") int count, @Header("X-Tag") Optional<String> tag) {
			return 2 * count + " " + tag.orElse("none");
		}

		@PipeMapping("header")
		String header(@Header("x-count") int count, @Header(name = "x-tag", defaultValue = "none") String tag) {
			return 2 * count + " " + tag;
		}

	}

	private static final class NameValidator implements SmartValidator {

		@Override
		public boolean supports(Class<?> type) {
			return true;
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (target instanceof StatRequest request && "secret".equals(request.name())) {
				errors.rejectValue("name", "secret", "must not be secret");
			}
		}

		@Override
		public void validate(Object target, Errors errors, Object... hints) {
			validate(target, errors);
		}

	}

}
