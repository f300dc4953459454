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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

@PipeEndpoint("notes")
class NoteController {

	private final Map<String, String> notes = new ConcurrentHashMap<>();

	@PipeMapping(value = "notes/{name}", method = "PUT")
	void write(@DestinationVariable String name, @Payload String text) {
		this.notes.put(name, text);
	}

	@PipeMapping(value = "notes/{name}", method = "GET")
	String read(@DestinationVariable String name) {
		String text = this.notes.get(name);
		if (text == null) {
			throw new PipeRequestException(Code.NOT_FOUND, "there is no such note");
		}
		return text;
	}

}
