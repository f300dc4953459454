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

package io.namedpipe.transport.smb;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.unix.SambaPipeListener;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * What {@code interop/smb} runs against a real Samba: a server, comparisons of speed with
 * smbj alone and with a share of Samba, and many connections.
 */
public final class SmbProgram {

	static final int PIECE = 65535;

	private SmbProgram() {
	}

	/**
	 * Run.
	 * @param args {@code serve DIRECTORY NAME}; {@code ask PORT NAME [SETTING VALUE]...};
	 * {@code hold PORT USER PASSWORD NAME SECONDS};
	 * {@code transfer PORT USER PASSWORD NAME
	 * MEGABYTES}; {@code speed PORT USER PASSWORD NAME MEGABYTES [LONGEST-ROUND-TRIP
	 * LEAST-THROUGHPUT]}; {@code http PORT USER PASSWORD NAME COUNT}; {@code rounds PORT
	 * USER PASSWORD NAME COUNT}
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		switch (args[0]) {
			case "serve" -> serve(Path.of(args[1]), args[2]);
			case "speed" -> System.exit(new SmbSpeed(args).run() ? 0 : 1);
			case "transfer" -> transfer(args);
			case "http" -> new SmbHttp(args).run();
			case "rounds" -> rounds(args);
			case "ask" -> ask(args);
			case "hold" -> hold(args);
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	// Connects as the settings say, sends a byte and gets it back.
	private static void ask(String[] args) {
		SmbPipeConnector.Builder builder = SmbPipeConnector.builder().port(Integer.parseInt(args[1]));
		for (int i = 3; i < args.length; i += 2) {
			String value = args[i + 1];
			switch (args[i]) {
				case "user" -> builder.username(value);
				case "password" -> builder.password(value);
				case "authentication" -> builder.authentication(SmbPipeConnector.Authentication.valueOf(value));
				case "keytab" -> builder.keytab(Path.of(value));
				case "encryption" -> builder.encryption(SmbPipeConnector.Encryption.valueOf(value));
				case "dialect" -> builder.minimumDialect(SmbPipeConnector.Dialect.valueOf(value));
				default -> throw new IllegalArgumentException(args[i]);
			}
		}
		try (PipeChannel channel = builder.build().connect(PipeAddress.of("127.0.0.1", args[2]), OPTIONS)) {
			channel.write(ByteBuffer.allocate(10).put(command('e', 1)).put((byte) 7).flip());
			ByteBuffer one = ByteBuffer.allocate(1);
			System.out.println((channel.readFully(one) && one.get(0) == 7) ? "answered" : "not answered");
		}
		catch (PipeException ex) {
			System.out.println(ex.getClass().getSimpleName() + ": " + ex.getMessage());
		}
	}

	// Connects, waits for something to read, and prints how the wait ends.
	private static void hold(String[] args) {
		try (PipeChannel channel = connector(args, args[3]).connect(PipeAddress.of("127.0.0.1", args[4]), OPTIONS)) {
			channel.setReadTimeout(Duration.ofSeconds(Long.parseLong(args[5])));
			System.out.println("Holding");
			long start = System.nanoTime();
			try {
				System.out.println("read " + channel.read(ByteBuffer.allocate(1)));
			}
			catch (PipeException ex) {
				System.out.printf("%s after %d s: %s%n", ex.getClass().getSimpleName(),
						TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), ex.getMessage());
			}
		}
	}

	private static void serve(Path directory, String name) throws Exception {
		SambaPipeListener listener = SambaPipeListener.builder(new UnixPipeTransport(directory))
			.socketDirectory(directory)
			.build();
		PipeServerOptions options = PipeServerOptions.builder()
			.rejectRemote(false)
			.access(PipeAccess.allow(PipeAccess.AUTHENTICATED))
			.build();
		try (PipeServerChannel server = listener.bind(PipeAddress.of(name), options)) {
			System.out.println("Ready " + name);
			while (true) {
				PipeChannel channel = server.accept();
				PeerIdentity peer = channel.peer();
				System.out.println("Client %s encrypted=%s".formatted(peer.qualifiedName(), peer.encrypted()));
				new Thread(() -> serve(channel)).start();
			}
		}
	}

	// A command and a length: u takes as many bytes, d sends them, e sends each back; U
	// compares them with the content, and D sends the content.
	private static void serve(PipeChannel channel) {
		try (channel) {
			ByteBuffer command = ByteBuffer.allocate(9);
			while (channel.readFully(command.clear())) {
				char what = (char) command.flip().get();
				long length = command.getLong();
				switch (what) {
					case 'e' -> echo(channel, length);
					case 'u' -> channel.write(number(receive(channel, length, false)));
					case 'U' -> channel.write(number(receive(channel, length, true)));
					default -> send(channel, length, what == 'D');
				}
			}
		}
		catch (PipeException ex) {
			// The client has left.
		}
	}

	private static void echo(PipeChannel channel, long count) {
		ByteBuffer one = ByteBuffer.allocate(1);
		for (long i = 0; i < count && channel.readFully(one.clear()); i++) {
			channel.write(one.flip());
		}
	}

	// How many bytes have come that are those that were expected.
	private static long receive(PipeChannel channel, long length, boolean compared) {
		ByteBuffer buffer = ByteBuffer.allocate(PIECE);
		long received = 0;
		while (received < length) {
			int count = channel.read(buffer.clear().limit((int) Math.min(length - received, PIECE)));
			if (count < 0 || compared && !Arrays.equals(buffer.array(), 0, count, content(received, count), 0, count)) {
				return received;
			}
			received += count;
		}
		return received;
	}

	private static void send(PipeChannel channel, long length, boolean content) {
		byte[] zeros = new byte[PIECE];
		for (long sent = 0; sent < length; sent += PIECE) {
			int count = (int) Math.min(PIECE, length - sent);
			channel.write(content ? ByteBuffer.wrap(content(sent, count)) : ByteBuffer.wrap(zeros, 0, count));
		}
	}

	// Bytes that are the same at the same place, and at no other one.
	private static byte[] content(long offset, int length) {
		byte[] content = new byte[length];
		long word = 0;
		for (int i = 0; i < length; i++) {
			long position = offset + i;
			if (i == 0 || position % Long.BYTES == 0) {
				word = (position / Long.BYTES + 1) * 0x9E3779B97F4A7C15L;
				word = (word ^ word >>> 32) * 0xD6E8FEB86659FD93L;
			}
			content[i] = (byte) (word >>> position % Long.BYTES * Byte.SIZE);
		}
		return content;
	}

	static byte[] command(char what, long length) {
		return ByteBuffer.allocate(9).put((byte) what).putLong(length).array();
	}

	private static ByteBuffer number(long value) {
		return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
	}

	static void check(boolean right) {
		if (!right) {
			throw new IllegalStateException("What was transferred is not what was sent");
		}
	}

	// Up and down, each byte compared.
	private static void transfer(String[] args) {
		long length = Long.parseLong(args[5]) * 1024 * 1024 + 1;
		try (PipeChannel channel = connector(args, args[3]).connect(PipeAddress.of("127.0.0.1", args[4]), OPTIONS)) {
			channel.write(ByteBuffer.wrap(command('U', length)));
			send(channel, length, true);
			ByteBuffer reply = ByteBuffer.allocate(Long.BYTES);
			long up = (channel.readFully(reply)) ? reply.getLong(0) : -1;
			channel.write(ByteBuffer.wrap(command('D', length)));
			long down = receive(channel, length, true);
			System.out.println((up == length && down == length) ? "equal"
					: "of %d bytes %d were equal up and %d down".formatted(length, up, down));
		}
	}

	static SmbPipeConnector connector(String[] args, String password) {
		return SmbPipeConnector.builder().port(Integer.parseInt(args[1])).username(args[2]).password(password).build();
	}

	static final PipeClientOptions OPTIONS = PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build();

	private static void rounds(String[] args) throws Exception {
		SmbPipeConnector good = connector(args, args[3]);
		SmbPipeConnector bad = connector(args, "wrong-word");
		int count = Integer.parseInt(args[5]);
		int refused = 0;
		int opened = 0;
		int files = 0;
		int threads = 0;
		for (int i = 0; i < count + 20; i++) {
			if (i == 20) {
				files = files();
				threads = Thread.activeCount();
			}
			try (PipeChannel channel = good.connect(PipeAddress.of("127.0.0.1", args[4]), OPTIONS)) {
				channel.write(ByteBuffer.allocate(10).put(command('e', 1)).put((byte) 7).flip());
				ByteBuffer one = ByteBuffer.allocate(1);
				opened += (channel.readFully(one)) ? 1 : 0;
				if (i % 2 == 0) {
					// Left with a read pending.
					channel.setReadTimeout(Duration.ofMillis(1));
					try {
						channel.read(one.clear());
					}
					catch (PipeException ex) {
						opened += 0;
					}
				}
			}
			refused += fails(bad, args[4]) + fails(good, "no.such.pipe");
		}
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while ((files() > files + 3 || Thread.activeCount() > threads + 3) && System.nanoTime() < end) {
			Thread.sleep(100);
		}
		System.out.printf("opened=%d refused=%d left-files=%d left-threads=%d%n", opened - 20, refused - 40,
				Math.max(0, files() - files - 3), Math.max(0, Thread.activeCount() - threads - 3));
	}

	private static int fails(SmbPipeConnector connector, String name) {
		try {
			connector.connect(PipeAddress.of("127.0.0.1", name), OPTIONS).close();
			return 0;
		}
		catch (PipeException ex) {
			return 1;
		}
	}

	private static int files() {
		return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
	}

}
