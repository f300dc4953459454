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

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.client.web.PipeClientHttpRequestFactory;
import io.namedpipe.transport.PipeAddress;

@Component
class RestNotes {

	private final RestClient client;

	RestNotes(PipeTemplateBuilder builder) {
		PipeAddress address = PipeAddress.of("acme.notes");
		this.client = RestClient.builder()
			.requestFactory(new PipeClientHttpRequestFactory(builder.address(address)))
			.baseUrl("http://pipe")
			.build();
	}

	String read(String name) {
		return this.client.get().uri("/notes/{name}", name).retrieve().body(String.class);
	}

}
