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

package io.namedpipe.demo.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.file.FileService;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeTransport;

/**
 * Files below a folder, over HTTP, with the rights of the caller.
 */
@PipeEndpoint("files")
class FolderController {

	private final FileService files;

	FolderController(PipeTransport transport, @Value("${demo.root:.}") Path root) {
		this.files = new FileService(transport.fileOpener(), root);
	}

	@PipeMapping(value = "read", method = { "GET", "POST" })
	OpenedFile read(@Payload Wanted file, PipeSecurityContext caller) throws IOException {
		return this.files.open(name(file.name()), caller.getClientRights());
	}

	@PipeMapping(value = "list", method = { "GET", "POST" })
	List<FileInfo> list(@Payload(required = false) @Nullable Wanted folder, PipeSecurityContext caller)
			throws IOException {
		String name = (folder != null) ? folder.name() : null;
		return this.files.list((name != null) ? name : "", caller.getClientRights());
	}

	@PipeMapping(value = "stat", method = { "GET", "POST" })
	FileInfo stat(@Payload Wanted file, PipeSecurityContext caller) throws IOException {
		return this.files.stat(name(file.name()), caller.getClientRights());
	}

	@PipeMapping(value = "write", method = { "PUT", "POST" })
	FileInfo write(InputStream content, @Header(name = HttpProtocol.QUERY, defaultValue = "") String query,
			PipeSecurityContext caller) throws IOException {
		List<String> names = HttpProtocol.parameters(query).getOrDefault("name", List.of());
		return this.files.write(name((names.size() == 1) ? names.get(0) : null), content, caller.getClientRights());
	}

	private static String name(@Nullable String name) {
		if (name == null) {
			throw new PipeRequestException(Code.BAD_REQUEST, "one name of a file is needed, as in ?name=a.txt");
		}
		return name;
	}

	/**
	 * The parameter of a request, in the query, in a form or in JSON.
	 *
	 * @param name the name of a file or folder
	 */
	record Wanted(@Nullable String name) {

	}

}
