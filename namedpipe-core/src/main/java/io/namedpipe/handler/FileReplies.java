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
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.OpenedFile;

/**
 * Opens files, with what clients need to read them in parts and to keep them.
 */
final class FileReplies {

	private final FileOpener opener;

	FileReplies(FileOpener opener) {
		this.opener = opener;
	}

	// The name may come from the client, therefore the FileOpener and not Files opens it.
	PipeReply open(Path path, ClientRights rights) throws IOException {
		OpenedFile file = this.opener.open(path, rights);
		return reply(file, file.size(), path.toString(), "The file '" + path + "'");
	}

	PipeReply of(OpenedFile file) {
		return reply(file, file.size(), null, "The file");
	}

	PipeReply open(Resource resource, ClientRights rights) throws IOException {
		if (resource.isFile()) {
			return open(resource.getFile().toPath(), rights);
		}
		// The length of what can be read only once would be found by reading it.
		long length = resource.isOpen() ? PipeBody.UNKNOWN_LENGTH : resource.contentLength();
		return reply(resource.getInputStream(), length, resource.getFilename(), resource.getDescription());
	}

	private static PipeReply reply(InputStream stream, long length, @Nullable String name, String description) {
		String type = (name != null) ? URLConnection.guessContentTypeFromName(name) : null;
		PipeBody body = PipeBody.of(stream, length, description);
		return (type != null) ? new PipeReply(Map.of("Content-Type", type), body) : PipeReply.of(body);
	}

}
