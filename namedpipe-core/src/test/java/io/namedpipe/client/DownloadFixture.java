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

package io.namedpipe.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server of one file, a client of it, and a folder to fetch the file to.
 */
abstract class DownloadFixture {

	@TempDir
	Path folder;

	Path target;

	final FileServer files = new FileServer();

	HttpPeer peer;

	PipeTemplate template;

	@BeforeEach
	void start() {
		this.target = this.folder.resolve("target.bin");
		serve(this.files);
	}

	final void serve(HttpPeer.Conversation conversation) {
		close();
		this.peer = new HttpPeer("unix", conversation);
		this.template = this.peer.builder().build();
	}

	@AfterEach
	void close() {
		if (this.peer != null) {
			this.template.close();
			this.peer.close();
			assertThat(this.peer.failures).isEmpty();
		}
	}

	final PipeRequestSpec request() {
		return this.template.route("file");
	}

	final void assertBreaksOff(PipeRequestSpec request) {
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> request.download(this.target));
	}

	final void assertComplete() throws IOException {
		assertThat(Files.readAllBytes(this.target)).isEqualTo(this.files.file.get());
		assertThat(files()).containsExactly(this.target);
	}

	final List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(this.folder)) {
			return files.toList();
		}
	}

}
