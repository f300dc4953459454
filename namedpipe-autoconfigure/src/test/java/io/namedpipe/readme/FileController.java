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
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.security.PipePrincipal;

@PipeEndpoint("files")
class FileController {

	@PipeMapping("read")
	@RunAsClient
	Resource read(@Payload String name) {
		return new FileSystemResource(name);
	}

	@PipeMapping("stat")
	@RunAsClient
	FileInfo stat(@Payload String name) throws IOException {
		return new FileInfo(name, Files.size(Path.of(name)));
	}

	@PipeMapping("hello/{name}")
	String hello(@DestinationVariable String name, PipePrincipal caller) {
		return "Hello %s, you are %s".formatted(name, caller.getName());
	}

	record FileInfo(String name, long size) {

	}

}
