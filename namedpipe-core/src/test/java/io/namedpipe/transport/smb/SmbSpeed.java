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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.hierynomus.msdtyp.AccessMask;
import com.hierynomus.mssmb2.SMB2CreateDisposition;
import com.hierynomus.mssmb2.SMB2ImpersonationLevel;
import com.hierynomus.mssmb2.SMB2ShareAccess;
import com.hierynomus.security.SecurityProvider;
import com.hierynomus.security.bc.BCSecurityProvider;
import com.hierynomus.smbj.SMBClient;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.connection.Connection;
import com.hierynomus.smbj.session.Session;
import com.hierynomus.smbj.share.DiskShare;
import com.hierynomus.smbj.share.NamedPipe;
import com.hierynomus.smbj.share.PipeShare;
import com.sun.management.OperatingSystemMXBean;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;

/**
 * Compares this library, in turns, with smbj alone, with its own cryptography and with
 * this library's, and with a file of Samba. The result is the median of the ratios of
 * runs that are close in time, which a busy machine slows down alike. Printed are the
 * ratios of our time and of this process's processor time to the others'.
 */
final class SmbSpeed {

	private static final int ROUNDS = 7;

	/** Smbj with the same cryptography, with its own, and with a file. */
	private static final List<String> CONTENDERS = List.of("ours", "same", "smbj", "share");

	private static final String PROCESSOR = ", processor";

	private static final int ATTEMPTS = 3;

	private static final int ROUND_TRIPS = 300;

	private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final String[] args;

	private final long bytes;

	private final double longestRoundTrip;

	private final double leastThroughput;

	/** The times of the rounds, by transfer and by contender. */
	private final Map<String, Map<String, double[]>> times = new LinkedHashMap<>();

	SmbSpeed(String[] args) {
		this.args = args;
		this.bytes = Long.parseLong(args[5]) * 1024 * 1024;
		this.longestRoundTrip = (args.length > 6) ? Double.parseDouble(args[6]) : Double.MAX_VALUE;
		this.leastThroughput = (args.length > 7) ? Double.parseDouble(args[7]) : 0;
	}

	/**
	 * Measure and print.
	 * @return whether the bounds were kept, in one of a few attempts
	 */
	boolean run() throws Exception {
		try (SMBClient plain = client(new BCSecurityProvider());
				SMBClient own = client(new JdkSecurityProvider());
				PipeChannel channel = SmbProgram.connector(this.args, this.args[3])
					.connect(PipeAddress.of("127.0.0.1", this.args[4]), SmbProgram.OPTIONS)) {
			Session session = session(plain);
			System.out.println("dialect " + session.getConnection().getNegotiatedProtocol().getDialect()
					+ ", encrypted " + session.shouldEncryptData());
			Map<String, Link> links = new LinkedHashMap<>();
			links.put("ours", link(channel));
			links.put("same", link(open(session(own))));
			links.put("smbj", link(open(session)));
			DiskShare share = (DiskShare) session.connectShare("share");
			boolean kept = false;
			for (int i = 0; i < ATTEMPTS && !kept; i++) {
				measure(links, share);
				kept = print("round trip") <= this.longestRoundTrip
						&& Math.max(print("up"), print("down")) <= 1 / this.leastThroughput;
			}
			return kept;
		}
	}

	private static SMBClient client(SecurityProvider cryptography) {
		return new SMBClient(SmbConfig.builder()
			.withSigningRequired(true)
			.withEncryptData(true)
			.withTimeout(60, TimeUnit.SECONDS)
			.withSecurityProvider(cryptography)
			.build());
	}

	private Session session(SMBClient client) throws IOException {
		Connection connection = client.connect("127.0.0.1", Integer.parseInt(this.args[1]));
		return connection.authenticate(new AuthenticationContext(this.args[2], this.args[3].toCharArray(), ""));
	}

	private NamedPipe open(Session session) throws IOException {
		return ((PipeShare) session.connectShare("IPC$")).open(this.args[4], SMB2ImpersonationLevel.Impersonation,
				EnumSet.of(AccessMask.GENERIC_READ, AccessMask.GENERIC_WRITE), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OPEN, null);
	}

	private static Link link(PipeChannel channel) {
		return new Link() {

			@Override
			public void send(byte[] bytes) {
				channel.write(ByteBuffer.wrap(bytes));
			}

			@Override
			public int receive(byte[] buffer, int length) {
				return channel.read(ByteBuffer.wrap(buffer, 0, length));
			}

		};
	}

	private static Link link(NamedPipe pipe) {
		return new Link() {

			@Override
			public void send(byte[] bytes) {
				SmbProgram.check(pipe.write(bytes) == bytes.length);
			}

			@Override
			public int receive(byte[] buffer, int length) {
				return pipe.read(buffer, 0, length);
			}

		};
	}

	private void measure(Map<String, Link> links, DiskShare share) throws Exception {
		this.times.clear();
		List<String> order = new ArrayList<>(links.keySet());
		// The first round is to warm up.
		for (int i = -1; i < ROUNDS; i++) {
			for (String name : order) {
				Link link = links.get(name);
				time(i, "round trip", name, () -> roundTrips(link));
				time(i, "up", name, () -> up(link));
				time(i, "down", name, () -> down(link));
			}
			time(i, "up", "share", () -> up(share));
			time(i, "down", "share", () -> down(share));
			order.add(order.remove(0));
		}
	}

	private void time(int round, String what, String who, Task task) throws Exception {
		long processor = this.process.getProcessCpuTime();
		long start = System.nanoTime();
		task.run();
		long time = System.nanoTime() - start;
		if (round >= 0) {
			times(what, who)[round] = time;
			times(what + PROCESSOR, who)[round] = this.process.getProcessCpuTime() - processor;
		}
	}

	private double[] times(String what, String who) {
		return this.times.computeIfAbsent(what, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(who, (key) -> new double[ROUNDS]);
	}

	// The ratio of our time to that of smbj with the same cryptography.
	private double print(String what) {
		StringBuilder line = new StringBuilder(what + ":");
		for (String who : CONTENDERS) {
			double[] times = times(what, who);
			double time = median(times);
			if (time > 0) {
				line.append(what.equals("round trip") ? " %s %.0f us".formatted(who, time / 1e3 / ROUND_TRIPS)
						: " %s %.1f MB/s".formatted(who, this.bytes / 1e6 / (time / 1e9)));
				line.append(
						String.format(Locale.ROOT, " (time %.2f, processor %.2f),", ratio(times(what, "ours"), times),
								ratio(times(what + PROCESSOR, "ours"), times(what + PROCESSOR, who))));
			}
		}
		System.out.println(line.substring(0, line.length() - 1));
		return ratio(times(what, "ours"), times(what, "same"));
	}

	private static double ratio(double[] ours, double[] theirs) {
		double[] ratios = new double[ROUNDS];
		Arrays.setAll(ratios, (i) -> ours[i] / theirs[i]);
		return median(ratios);
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private void roundTrips(Link link) {
		link.send(SmbProgram.command('e', ROUND_TRIPS));
		byte[] one = new byte[1];
		for (int i = 0; i < ROUND_TRIPS; i++) {
			link.send(one);
			SmbProgram.check(link.receive(one, 1) == 1);
		}
	}

	private void up(Link link) {
		link.send(SmbProgram.command('u', this.bytes));
		byte[] piece = new byte[SmbProgram.PIECE];
		for (long left = this.bytes; left > 0; left -= SmbProgram.PIECE) {
			link.send((left < piece.length) ? Arrays.copyOf(piece, (int) left) : piece);
		}
		byte[] reply = new byte[Long.BYTES];
		SmbProgram.check(link.receive(reply, reply.length) == reply.length);
		SmbProgram.check(ByteBuffer.wrap(reply).getLong() == this.bytes);
	}

	private void down(Link link) {
		link.send(SmbProgram.command('d', this.bytes));
		byte[] buffer = new byte[SmbProgram.PIECE];
		for (long left = this.bytes; left > 0;) {
			int count = link.receive(buffer, (int) Math.min(left, buffer.length));
			SmbProgram.check(count > 0);
			left -= count;
		}
	}

	private void up(DiskShare share) throws IOException {
		try (var file = share.openFile("speed", EnumSet.of(AccessMask.GENERIC_WRITE), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OVERWRITE_IF, null); OutputStream out = file.getOutputStream()) {
			byte[] piece = new byte[SmbProgram.PIECE];
			for (long left = this.bytes; left > 0; left -= SmbProgram.PIECE) {
				out.write(piece, 0, (int) Math.min(left, piece.length));
			}
		}
	}

	private void down(DiskShare share) throws IOException {
		try (var file = share.openFile("speed", EnumSet.of(AccessMask.GENERIC_READ), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OPEN, null); InputStream in = file.getInputStream()) {
			SmbProgram.check(in.transferTo(OutputStream.nullOutputStream()) == this.bytes);
		}
	}

	/**
	 * A way to the server of {@link SmbProgram}.
	 */
	private interface Link {

		void send(byte[] bytes);

		int receive(byte[] buffer, int length);

	}

	/**
	 * Something that can fail.
	 */
	private interface Task {

		void run() throws Exception;

	}

}
