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
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

import org.springframework.stereotype.Component;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.transport.PipeAddress;

@Component
class NoteClient {

	private final PipeTemplate template;

	NoteClient(PipeTemplateBuilder builder) {
		this.template = builder.address(PipeAddress.of("acme.notes")).build();
	}

	void write(String name, String text) {
		this.template.route("notes/" + name).method("PUT").payload(text).retrieve(Void.class);
	}

	String read(String name) {
		try {
			return this.template.route("notes/" + name).retrieve(String.class);
		}
		catch (PipeRemoteException ex) {
			if (ex.getCode() == Code.NOT_FOUND) {
				return "";
			}
			throw ex;
		}
	}

	CompletableFuture<String> readLater(String name) {
		return this.template.route("notes/" + name).async().retrieve(String.class);
	}

	long count(String name) throws IOException {
		try (InputStream text = this.template.route("notes/" + name).body()) {
			return text.skip(Long.MAX_VALUE);
		}
	}

}
