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
import java.nio.file.Path;

import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.file.FileService;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.PipeListener;

@PipeEndpoint("folder")
class FolderController {

	private final FileService files;

	FolderController(PipeListener listener) {
		this.files = new FileService(listener.fileOpener(), Path.of("/srv/files"));
	}

	@PipeMapping
	InputStream read(@Payload String name, PipeSecurityContext caller) throws IOException {
		return this.files.open(name, caller.getClientRights());
	}

}
