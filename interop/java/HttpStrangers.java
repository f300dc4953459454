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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.namedpipe.client.PipePoolOptions;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.client.web.PipeClientHttpRequestFactory;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.unix.UnixPipeTransport;

import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * {@code RestClient} and {@code PipeTemplate} against any server of files. Arguments: the socket, the number of requests of
 * all clients together, and the number of clients at once, which share a pool. Every written text is there once, and must
 * come back to the client that asks for it.
 */
final class HttpStrangers {

	private final RestClient rest;

	private final PipeTemplate template;

	private HttpStrangers(RestClient rest, PipeTemplate template) {
		this.rest = rest;
		this.template = template;
	}

	public static void main(String[] args) throws Exception {
		int requests = Integer.parseInt(args[1]);
		int clients = Integer.parseInt(args[2]);
		int each = (requests + clients - 1) / clients;
		ExecutorService threads = Executors.newFixedThreadPool(clients);
		try (UnixPipeTransport transport = new UnixPipeTransport();
				PipeClientHttpRequestFactory factory = new PipeClientHttpRequestFactory(builder(transport, args[0], clients));
				PipeTemplate template = builder(transport, args[0], clients).protocol(new HttpProtocol()).build()) {
			HttpStrangers program = new HttpStrangers(
					RestClient.builder().requestFactory(factory).baseUrl("http://pipe").build(), template);
			program.files();
			long start = System.nanoTime();
			List<Callable<Void>> work = IntStream.range(0, clients)
				.mapToObj((id) -> (Callable<Void>) () -> program.work(id, each))
				.toList();
			for (Future<Void> done : threads.invokeAll(work)) {
				done.get();
			}
			long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
			System.out.printf("ok %d, %d a second%n", each * clients, each * clients * 1000L / millis);
		}
		catch (ExecutionException ex) {
			ex.getCause().printStackTrace();
			System.exit(1);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static PipeTemplateBuilder builder(UnixPipeTransport transport, String socket, int clients) {
		return PipeTemplate.builder(transport)
			.address(PipeAddress.of(socket))
			.pool(new PipePoolOptions(clients, Duration.ofSeconds(30), Duration.ofSeconds(30)))
			.requestTimeout(Duration.ofSeconds(30));
	}

	// Larger than any buffer, both ways and by both clients.
	private void files() throws IOException {
		byte[] large = new byte[3_000_000];
		new Random(1).nextBytes(large);
		Path source = Files.write(Files.createTempFile("source", null), large);
		Path target = source.resolveSibling("target-" + UUID.randomUUID());
		this.template.route("write").query("name", "large").upload(source).body().close();
		this.template.route("read").query("name", "large").download(target);
		check(Arrays.equals(large, Files.readAllBytes(target)), "upload and download");
		this.rest.put().uri("/write?name=large-2").body(large).retrieve().toBodilessEntity();
		check(Arrays.equals(large, this.rest.get().uri("/read?name=large-2").retrieve().body(byte[].class)), "large body");
		check(absent("absent"), "absent for RestClient");
		try {
			this.template.route("stat").query("name", "absent").retrieve(String.class);
			check(false, "absent for PipeTemplate");
		}
		catch (PipeRemoteException ex) {
			check(ex.getStatus() == 404, "status for PipeTemplate");
		}
	}

	private Void work(int id, int requests) {
		String text = "";
		for (int i = 0; i < requests; i++) {
			String name = "rest-%d-%d".formatted(id, i / 5 % 10);
			switch (i % 5) {
				case 0 -> {
					text = "rest %d %d %s".formatted(id, i, UUID.randomUUID());
					ResponseEntity<String> reply = this.rest.put().uri("/write?name={name}", name).body(text).retrieve()
						.toEntity(String.class);
					check(reply.getStatusCode().is2xxSuccessful(), "write");
				}
				case 1 -> check(text.equals(this.rest.get().uri("/read?name={name}", name).retrieve().body(String.class)),
						"read by RestClient");
				case 2 -> check(text.equals(this.template.route("read").query("name", name).retrieve(String.class)),
						"read by PipeTemplate");
				case 3 -> {
					String stat = this.rest.get().uri("/stat?name={name}", name).retrieve().body(String.class);
					check(stat != null && stat.contains("\"" + name + "\""), "stat: " + stat);
				}
				default -> check(absent("absent-" + id + "-" + i), "absent");
			}
		}
		return null;
	}

	private boolean absent(String name) {
		try {
			this.rest.get().uri("/stat?name={name}", name).retrieve().toBodilessEntity();
			return false;
		}
		catch (HttpClientErrorException.NotFound ex) {
			return true;
		}
	}

	private static void check(boolean condition, String what) {
		if (!condition) {
			throw new IllegalStateException("Not as it should be: " + what);
		}
	}

}
