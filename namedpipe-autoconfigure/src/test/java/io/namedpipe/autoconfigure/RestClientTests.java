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

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.web.PipeClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code RestClient} over the default pipe.
 */
class RestClientTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withBean(NoteController.class)
		.withPropertyValues("namedpipe.server.pipes.notes.protocol=http");

	@Test
	void callsTheDefaultPipe() {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=notes").run((context) -> {
			RestClient client = RestClient.builder()
				.requestFactory(context.getBean(PipeClientHttpRequestFactory.class))
				.baseUrl("http://pipe")
				.build();
			assertThat(client.get().uri("/read?x={x}", "1").retrieve().body(String.class)).isEqualTo("x=1");
			assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
				.isThrownBy(() -> client.get().uri("/other").retrieve().body(String.class));
		});
	}

	@Test
	void thereIsNoneWithoutADefaultPipeOrSpringWeb() {
		this.runner
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PipeClientHttpRequestFactory.class));
		this.runner.withPropertyValues("namedpipe.client.default-pipe=notes")
			.withClassLoader(new FilteredClassLoader(ClientHttpRequestFactory.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PipeTemplate.class)
				.doesNotHaveBean("pipeClientHttpRequestFactory"));
	}

	@PipeEndpoint("notes")
	static class NoteController {

		@PipeMapping("read")
		String read(@Header(":query") String query) {
			return query;
		}

	}

}
