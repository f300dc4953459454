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

import java.nio.file.Path;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.annotation.RunAsClient.Extent;
import io.namedpipe.listener.LogBudget;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.transport.LogText;

/**
 * Answers the name of a file with the text of the file, if the caller may read it.
 */
@PipeEndpoint("testpipe")
class FileController {

	private static final Log logger = LogFactory.getLog(FileController.class);

	private final LogBudget logBudget;

	FileController(LogBudget logBudget) {
		this.logBudget = logBudget;
	}

	@PipeMapping("read")
	@RunAsClient(Extent.FILE)
	Path read(@Payload String fileName, PipePrincipal caller) {
		// The name is the client's: it must neither write log lines of its own nor fill
		// the log.
		this.logBudget.write(
				caller.getId(), () -> "Reading file: " + LogText.of(fileName) + " on thread["
						+ Thread.currentThread().getName() + "] as user: " + LogText.of(caller.getName()) + ".",
				logger::info);
		return Path.of(fileName);
	}

}
