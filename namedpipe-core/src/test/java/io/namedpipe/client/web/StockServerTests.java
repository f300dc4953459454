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

package io.namedpipe.client.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

import io.namedpipe.client.PipePoolOptions;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Clients of this library and servers that know nothing of it, on Unix-domain sockets.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the servers listen on Unix-domain sockets")
class StockServerTests {

	private static final String NODE = """
			const http = require('http');
			http.createServer((request, response) => {
			  if (request.url === '/fail') {
			    response.writeHead(500, {'Content-Type': 'text/plain'});
			    response.end('no');
			    return;
			  }
			  let count = 0;
			  request.on('data', (chunk) => { count += chunk.length; });
			  request.on('end', () => {
			    response.setHeader('Set-Cookie', ['a=1, x', 'b=2']);
			    response.setHeader('Content-Type', 'text/plain');
			    if (request.url === '/large') {
			      response.end(Buffer.alloc(3000000));
			    }
			    else {
			      response.write(request.method + ' ');
			      response.end(request.url + ' ' + count);
			    }
			  });
			}).listen(process.argv[2]);
			""";

	private static final String PYTHON = """
			import http.server, socketserver, sys
			class Handler(http.server.BaseHTTPRequestHandler):
			    protocol_version = 'HTTP/1.1'
			    def log_message(self, *args): pass
			    def address_string(self): return 'pipe'
			    def body(self):
			        if self.headers.get('Transfer-Encoding') != 'chunked':
			            return self.rfile.read(int(self.headers.get('Content-Length', 0)))
			        data = b''
			        while True:
			            size = int(self.rfile.readline(), 16)
			            data += self.rfile.read(size)
			            self.rfile.readline()
			            if size == 0: return data
			    def answer(self):
			        count = len(self.body())
			        status, text = (500, b'no') if self.path == '/fail' else (200,
			            bytes(3000000) if self.path == '/large' else ('%s %s %d' % (self.command, self.path, count)).encode())
			        self.send_response(status)
			        self.send_header('Content-Type', 'text/plain')
			        self.send_header('Set-Cookie', 'a=1, x')
			        self.send_header('Set-Cookie', 'b=2')
			        self.send_header('Content-Length', str(len(text)))
			        self.end_headers()
			        self.wfile.write(text)
			    do_GET = do_POST = do_PUT = answer
			class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
			    daemon_threads = True
			Server(sys.argv[1], Handler).serve_forever()
			""";

	@TempDir
	private Path folder;

	private Process process;

	@AfterEach
	void end() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	@Test
	void node() throws Exception {
		assertSpeaks("node", "server.js", NODE);
	}

	@Test
	void python() throws Exception {
		assertSpeaks("python3", "server.py", PYTHON);
	}

	private void assertSpeaks(String program, String name, String code) throws Exception {
		Path script = Files.writeString(this.folder.resolve(name), code);
		Path socket = this.folder.resolve("s");
		try {
			this.process = new ProcessBuilder(program, script.toString(), socket.toString()).inheritIO().start();
		}
		catch (IOException ex) {
			abort(program + " is not installed: " + ex.getMessage());
		}
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.exists(socket));
		try (UnixPipeTransport transport = new UnixPipeTransport();
				PipeTemplate template = PipeTemplate.builder(transport)
					.address(PipeAddress.of(socket.toString()))
					.protocol(new HttpProtocol())
					.pool(PipePoolOptions.defaults())
					.build();
				PipeClientHttpRequestFactory factory = new PipeClientHttpRequestFactory(
						PipeTemplate.builder(transport).address(PipeAddress.of(socket.toString())))) {
			await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)
				.ignoreExceptions()
				.until(() -> template.route("x").retrieve(String.class) != null);
			assertSpeaks(RestClient.builder().requestFactory(factory).baseUrl("http://pipe").build());
			assertSpeaks(template);
		}
	}

	private static void assertSpeaks(RestClient client) {
		for (int i = 0; i < 50; i++) {
			ResponseEntity<String> reply = client.get().uri("/x?n={i}", i).retrieve().toEntity(String.class);
			assertThat(reply.getBody()).isEqualTo("GET /x?n=" + i + " 0");
			assertThat(reply.getHeaders().get(HttpHeaders.SET_COOKIE)).isEqualTo(List.of("a=1, x", "b=2"));
		}
		assertThat(client.post()
			.uri("/x")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(new byte[2_000_000])
			.retrieve()
			.body(String.class)).isEqualTo("POST /x 2000000");
		assertThat(client.put()
			.uri("/x")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(new ByteArrayResource(new byte[5]))
			.retrieve()
			.body(String.class)).isEqualTo("PUT /x 5");
		assertThat(client.get().uri("/large").retrieve().body(byte[].class)).hasSize(3_000_000);
		assertThatExceptionOfType(HttpServerErrorException.InternalServerError.class)
			.isThrownBy(() -> client.get().uri("/fail").retrieve().toBodilessEntity());
	}

	private void assertSpeaks(PipeTemplate template) throws IOException {
		Path file = Files.write(this.folder.resolve("source"), new byte[2_000_000]);
		assertThat(template.route("up").upload(file).body().bytes(100)).asString().isEqualTo("PUT /up 2000000");
		assertThat(template.route("up").upload(Files.newInputStream(file)).body().bytes(100)).asString()
			.isEqualTo("PUT /up 2000000");
		Path target = this.folder.resolve("target");
		template.route("large").download(target);
		assertThat(target).hasSize(3_000_000);
		assertThatExceptionOfType(PipeRemoteException.class)
			.isThrownBy(() -> template.route("fail").retrieve(String.class))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(500));
	}

}
