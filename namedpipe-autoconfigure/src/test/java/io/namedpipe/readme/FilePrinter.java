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

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

import io.namedpipe.client.PipeOperations;

@Component
class FilePrinter implements ApplicationRunner {

	private final PipeOperations pipe;

	FilePrinter(PipeOperations pipe) {
		this.pipe = pipe;
	}

	@Override
	public void run(ApplicationArguments args) {
		for (String file : args.getNonOptionArgs()) {
			System.out.println(this.pipe.route("read").payload(file).retrieve(String.class));
		}
	}

}
