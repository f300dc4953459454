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

package io.namedpipe.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Jetty with its defaults, without servlets.
 */
final class JettyServer {

	private JettyServer() {
	}

	static void start(Path socket) throws Exception {
		Server server = new Server();
		UnixDomainServerConnector connector = new UnixDomainServerConnector(server);
		connector.setUnixDomainPath(socket);
		server.addConnector(connector);
		server.setHandler(new Handler.Abstract() {

			@Override
			public boolean handle(Request request, Response response, Callback callback) throws Exception {
				ByteBuffer body = Content.Source.asByteBuffer(request);
				response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=UTF-8");
				response.write(true, body, callback);
				return true;
			}

		});
		server.start();
	}

}
