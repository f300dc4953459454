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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.hierynomus.mssmb2.SMB2MessageCommandCode;
import com.hierynomus.mssmb2.SMBApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;
import io.namedpipe.transport.smb.SmbPipeConnector.Dialect;
import io.namedpipe.transport.smb.SmbPipeConnector.Encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of connecting over SMB where no SMB server is needed; {@code interop/smb} has
 * one.
 */
@Timeout(120)
class SmbPipeConnectorTests {

	private static final PipeAddress ADDRESS = PipeAddress.of("127.0.0.1", "test");

	private static final PipeClientOptions SHORT = PipeClientOptions.builder()
		.connectTimeout(Duration.ofMillis(300))
		.build();

	private static SmbPipeConnector connector(int port) {
		return SmbPipeConnector.builder().port(port).username("anna").password("secret").build();
	}

	@Test
	void reachesOtherMachinesAlone() {
		assertThat(connector(445).reaches(ADDRESS)).isTrue();
		assertThat(connector(445).reaches(PipeAddress.of("test"))).isFalse();
		assertThat(connector(445).reaches(PipeAddress.of("/run/test.sock"))).isFalse();
	}

	@Test
	void missingUserOrPasswordIsFoundWithoutConnecting() {
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> SmbPipeConnector.builder().username("anna").build().verify(ADDRESS))
			.withMessageContaining("namedpipe.smb.password")
			.withMessageContaining("kerberos");
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> SmbPipeConnector.builder()
				.authentication(Authentication.KERBEROS)
				.keytab(Path.of("keys"))
				.build()
				.verify(ADDRESS))
			.withMessageContaining("namedpipe.smb.username");
	}

	@Test
	void passwordIsInNoText() {
		SmbSettings settings = new SmbSettings(445, "anna", "secret", "", Authentication.NTLM, null,
				Encryption.REQUIRED, Dialect.SMB_2_1);
		assertThat(settings).asString().contains("anna").doesNotContain("secret");
	}

	@Test
	void portThatNobodyListensOnIsNoServer() throws IOException {
		int port;
		try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = closed.getLocalPort();
		}
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> connector(port).connect(ADDRESS, SHORT))
			.withMessageContaining("Nothing answers on port " + port);
	}

	@Test
	void machineThatDoesNotExistIsNoServer() {
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> connector(445).connect(PipeAddress.of("no-such-host.invalid", "test"), SHORT))
			.withMessageContaining("There is no machine 'no-such-host.invalid'");
	}

	@Test
	void serverThatNeverAnswersTimesOut() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			long start = System.nanoTime();
			assertThatExceptionOfType(PipeTimeoutException.class)
				.isThrownBy(() -> connector(silent.getLocalPort()).connect(ADDRESS, SHORT));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(290),
					Duration.ofSeconds(20));
			try (Socket client = silent.accept()) {
				// The connection is dropped: its end comes after what was sent.
				while (client.getInputStream().read() >= 0) {
					assertThat(client.isConnected()).isTrue();
				}
			}
		}
	}

	@Test
	void interruptEndsTheWait() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					connector(silent.getLocalPort()).connect(ADDRESS,
							PipeClientOptions.builder().connectTimeout(Duration.ofMinutes(10)).build());
				}
				catch (PipeException ex) {
					interrupted.complete(Thread.currentThread().isInterrupted());
				}
			});
			thread.start();
			try (Socket client = silent.accept()) {
				assertThat(client.getInputStream().read()).isZero();
				thread.interrupt();
				assertThat(interrupted.get()).isTrue();
			}
		}
	}

	@Test
	void whatCannotBeCheckedOrDoneIsRefusedBeforeConnecting() {
		assertThatExceptionOfType(PipeNotVerifiedException.class)
			.isThrownBy(() -> connector(1).connect(ADDRESS,
					PipeClientOptions.builder().expectedServer(ExpectedServer.of("files-service")).build()))
			.withMessageContaining("not known over SMB");
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(
				() -> connector(1).connect(ADDRESS, PipeClientOptions.builder().mode(PipeMode.MESSAGE).build()));
	}

	@ParameterizedTest
	@CsvSource({ "0xC000006D, PipeAccessDeniedException, log-on", "0xC0000072, PipeAccessDeniedException, log-on",
			"0xC0000022, PipeAccessDeniedException, may not open",
			"0xC000020C, PipeAccessDeniedException, may not open", "0xC0000034, PipeNotFoundException, start it",
			"0xC0000236, PipeNotFoundException, start it", "0xC00000AC, PipeBusyException, no more clients",
			"0xC00000AB, PipeBusyException, no more clients", "0xC000000D, PipeBusyException, no more clients",
			"0xC000009A, PipeException, cannot be opened" })
	void statusHasItsException(long status, String type, String message) {
		PipeException failure = SmbFailures.translate(ADDRESS, 445,
				new SMBApiException(status, SMB2MessageCommandCode.SMB2_CREATE, "", null));
		assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
		assertThat(failure).hasMessageContaining(message)
			.hasMessageContaining("0x%08X".formatted(status))
			.hasMessageContaining("127.0.0.1");
	}

	@Test
	void statusOfTheLogOnIsNoAnswerOfThePipe() {
		assertThat(SmbFailures.translate(ADDRESS, 445,
				new SMBApiException(0xC000000DL, SMB2MessageCommandCode.SMB2_SESSION_SETUP, "", null)))
			.isExactlyInstanceOf(PipeException.class);
	}

	@Test
	void serverWithoutAnAllowedVersionIsNotVerified() {
		assertThat(SmbFailures.translate(ADDRESS, 445,
				new SMBApiException(0xC00000BBL, SMB2MessageCommandCode.SMB2_NEGOTIATE, "", null)))
			.isExactlyInstanceOf(PipeNotVerifiedException.class)
			.hasMessageContaining("namedpipe.smb.minimum-dialect");
	}

	@Test
	void kerberosWithoutATicketSaysWhatToDo() {
		SmbPipeConnector connector = SmbPipeConnector.builder()
			.authentication(Authentication.KERBEROS)
			.username("nobody@NOWHERE.INVALID")
			.keytab(Path.of("/no/such/keytab"))
			.build();
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> connector.connect(ADDRESS, SHORT))
			.withMessageContaining("kinit");
	}

}
