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

package io.namedpipe.transport.windows;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * A process that listens on a pipe until its input ends.
 */
public final class PipeHolder {

	private PipeHolder() {
	}

	public static void main(String[] args) throws Exception {
		try (WindowsPipeTransport transport = new WindowsPipeTransport();
				PipeServerChannel server = transport.bind(PipeAddress.of(args[0]), PipeServerOptions.defaults())) {
			System.out.println(server.isOpen() ? "bound" : "closed");
			while (System.in.read() >= 0) {
				Thread.onSpinWait();
			}
		}
	}

}
