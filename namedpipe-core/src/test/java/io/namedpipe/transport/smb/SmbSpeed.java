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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import com.hierynomus.msdtyp.AccessMask;
import com.hierynomus.mssmb2.SMB2CreateDisposition;
import com.hierynomus.mssmb2.SMB2ImpersonationLevel;
import com.hierynomus.mssmb2.SMB2ShareAccess;
import com.hierynomus.smbj.SMBClient;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.connection.Connection;
import com.hierynomus.smbj.share.DiskShare;
import com.hierynomus.smbj.share.NamedPipe;
import com.hierynomus.smbj.share.PipeShare;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;

/**
 * Compares in turns what this library does with what smbj does alone.
 */
final class SmbSpeed {

	private final String[] args;

	private final long bytes;

	SmbSpeed(String[] args) {
		this.args = args;
		this.bytes = Long.parseLong(args[5]) * 1024 * 1024;
	}

	void run() throws Exception {
		SmbConfig config = SmbConfig.builder()
			.withSigningRequired(true)
			.withEncryptData(true)
			.withTimeout(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS)
			.build();
		try (SMBClient client = new SMBClient(config);
				Connection connection = client.connect("127.0.0.1", Integer.parseInt(this.args[1]));
				PipeChannel channel = SmbProgram.connector(this.args, this.args[3])
					.connect(PipeAddress.of("127.0.0.1", this.args[4]), SmbProgram.OPTIONS)) {
			var session = connection
				.authenticate(new AuthenticationContext(this.args[2], this.args[3].toCharArray(), ""));
			System.out.println("dialect " + connection.getNegotiatedProtocol().getDialect() + ", encrypted "
					+ session.shouldEncryptData());
			PipeShare pipes = (PipeShare) session.connectShare("IPC$");
			NamedPipe bare = pipes.open(this.args[4], SMB2ImpersonationLevel.Impersonation,
					EnumSet.of(AccessMask.GENERIC_READ, AccessMask.GENERIC_WRITE), null, SMB2ShareAccess.ALL,
					SMB2CreateDisposition.FILE_OPEN, null);
			roundTrips(channel, bare);
			double[] up = new double[2];
			double[] down = new double[2];
			for (int i = 0; i < 3; i++) {
				up[0] = Math.max(up[0], rate(() -> ourUp(channel)));
				up[1] = Math.max(up[1], rate(() -> bareUp(bare)));
				down[0] = Math.max(down[0], rate(() -> ourDown(channel)));
				down[1] = Math.max(down[1], rate(() -> bareDown(bare)));
			}
			DiskShare share = (DiskShare) session.connectShare("share");
			double shareUp = rate(() -> shareUp(share));
			double shareDown = rate(() -> shareDown(share));
			print("up", up, shareUp);
			print("down", down, shareDown);
		}
	}

	private void print(String what, double[] rates, double share) {
		System.out.printf(Locale.ROOT,
				"%s: ours %.1f MB/s, bare smbj %.1f MB/s, ratio %.2f; Samba's share %.1f MB/s, ratio %.2f%n", what,
				rates[0], rates[1], rates[0] / rates[1], share, rates[0] / share);
	}

	private double rate(Task task) throws Exception {
		long start = System.nanoTime();
		task.run();
		return this.bytes / 1e6 / ((System.nanoTime() - start) / 1e9);
	}

	private ByteBuffer command(char what, long length) {
		return ByteBuffer.allocate(9).put((byte) what).putLong(length).flip();
	}

	private void roundTrips(PipeChannel channel, NamedPipe bare) {
		int count = 300;
		double[] best = { Double.MAX_VALUE, Double.MAX_VALUE };
		ByteBuffer one = ByteBuffer.allocate(1);
		byte[] single = new byte[1];
		for (int block = 0; block < 8; block++) {
			channel.write(command('e', count));
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				channel.write(one.clear());
				channel.readFully(one.clear());
			}
			best[0] = Math.min(best[0], (System.nanoTime() - start) / 1e3 / count);
			bare.write(command('e', count).array());
			start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				bare.write(single);
				bare.read(single);
			}
			best[1] = Math.min(best[1], (System.nanoTime() - start) / 1e3 / count);
		}
		System.out.printf(Locale.ROOT, "round trip: ours %.0f us, bare smbj %.0f us, ratio %.2f%n", best[0], best[1],
				best[0] / best[1]);
	}

	private void ourUp(PipeChannel channel) {
		channel.write(command('u', this.bytes));
		for (long sent = 0; sent < this.bytes; sent += SmbProgram.PIECE) {
			channel.write(SmbProgram.block(sent, (int) Math.min(SmbProgram.PIECE, this.bytes - sent)));
		}
		ByteBuffer reply = ByteBuffer.allocate(8);
		channel.readFully(reply);
		check(reply.getLong(0) == this.bytes);
	}

	private void bareUp(NamedPipe bare) {
		bare.write(command('u', this.bytes).array());
		for (long sent = 0; sent < this.bytes; sent += SmbProgram.PIECE) {
			byte[] block = SmbProgram.block(sent, (int) Math.min(SmbProgram.PIECE, this.bytes - sent)).array();
			check(bare.write(block) == block.length);
		}
		byte[] reply = new byte[8];
		check(bare.read(reply) == 8 && ByteBuffer.wrap(reply).getLong() == this.bytes);
	}

	private void ourDown(PipeChannel channel) {
		channel.write(command('d', this.bytes));
		ByteBuffer buffer = ByteBuffer.allocate(SmbProgram.PIECE);
		for (long read = 0; read < this.bytes;) {
			buffer.clear().limit((int) Math.min(SmbProgram.PIECE, this.bytes - read));
			check(channel.readFully(buffer));
			check(buffer.get(0) == (byte) (read / SmbProgram.PIECE)
					&& buffer.get(buffer.position() - 1) == buffer.get(0));
			read += buffer.position();
		}
	}

	private void bareDown(NamedPipe bare) {
		bare.write(command('d', this.bytes).array());
		byte[] buffer = new byte[SmbProgram.PIECE + 1];
		for (long read = 0; read < this.bytes;) {
			int count = bare.read(buffer);
			check(count > 0);
			read += count;
		}
	}

	private void shareUp(DiskShare share) throws IOException {
		try (var file = share.openFile("speed", EnumSet.of(AccessMask.GENERIC_WRITE), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OVERWRITE_IF, null); OutputStream out = file.getOutputStream()) {
			for (long sent = 0; sent < this.bytes; sent += SmbProgram.PIECE) {
				out.write(SmbProgram.block(sent, (int) Math.min(SmbProgram.PIECE, this.bytes - sent)).array());
			}
		}
	}

	private void shareDown(DiskShare share) throws IOException {
		try (var file = share.openFile("speed", EnumSet.of(AccessMask.GENERIC_READ), null, SMB2ShareAccess.ALL,
				SMB2CreateDisposition.FILE_OPEN, null); InputStream in = file.getInputStream()) {
			check(in.transferTo(OutputStream.nullOutputStream()) == this.bytes);
		}
	}

	private static void check(boolean right) {
		if (!right) {
			throw new IllegalStateException("What was transferred is not what was sent");
		}
	}

	/**
	 * Something that can fail.
	 */
	private interface Task {

		void run() throws Exception;

	}

}
