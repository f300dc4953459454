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

import java.nio.file.Path;

import org.springframework.stereotype.Component;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.transport.PipeAddress;

@Component
class ImageClient {

	private final PipeTemplate template;

	ImageClient(PipeTemplateBuilder builder) {
		this.template = builder.address(PipeAddress.of("acme.images")).build();
	}

	void fetch(String name, Path target) {
		this.template.route("read")
			.query("name", name)
			.resume(true)
			.progress((bytes, total, rate) -> System.out.printf("%d of %d%n", bytes, total))
			.download(target);
	}

}
