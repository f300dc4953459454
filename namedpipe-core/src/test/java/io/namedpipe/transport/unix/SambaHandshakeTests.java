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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.SambaPackets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of reading the handshake of smbd.
 */
class SambaHandshakeTests {

	private final byte[] packet = SambaPackets.captured();

	@Test
	void capturedPacketIsReadToItsEnd() {
		SambaHandshake handshake = parse();
		assertThat(handshake.account()).isEqualTo("smbproto");
		assertThat(handshake.domain()).isEqualTo("PROTOSRV");
		assertThat(handshake.unixName()).isEqualTo("smbproto");
		assertThat(handshake.uid()).isEqualTo(999);
		assertThat(handshake.gid()).isEqualTo(994);
		assertThat(handshake.groups()).containsExactly(994, 993);
		assertThat(handshake.clientAddress()).isEqualTo("127.0.0.1");
		assertThat(handshake.authenticated()).isTrue();
		assertThat(handshake.encrypted()).isFalse();
	}

	@Test
	void internalSidsAreLeftOutAndThoseOfUnixStay() {
		assertThat(parse().sids()).hasSize(8)
			.startsWith("S-1-5-21-3613936900-31407390-3013064368-1000")
			.contains("S-1-1-0", "S-1-5-2", "S-1-5-11", "S-1-22-1-999", "S-1-22-2-994")
			.noneMatch((sid) -> sid.startsWith("S-1-22-2041152804"));
	}

	@Test
	void markOfAnEncryptedConnectionIsReadAndLeftOut() {
		// S-1-22-2041152804-0 becomes S-1-22-1397571891-0.
		replace("2485a979", "33414d53");
		assertThat(parse().encrypted()).isTrue();
		assertThat(parse().sids()).noneMatch((sid) -> sid.startsWith("S-1-22-1397571891"));
	}

	@Test
	void userIsAuthenticatedOnlyIfEverythingSaysSo() {
		// S-1-5-11 becomes S-1-5-7, which stands for anonymous users.
		int authenticatedUsers = SambaPackets.indexOf(this.packet, "01010000000000050b000000");
		this.packet[authenticatedUsers + 8] = 7;
		assertThat(parse().authenticated()).isFalse();
		this.packet[authenticatedUsers + 8] = 12;
		assertThat(parse().authenticated()).isFalse();
		this.packet[authenticatedUsers + 8] = 11;
		assertThat(parse().authenticated()).isTrue();
		this.packet[SambaPackets.indexOf(this.packet, "100000000100000009") + 4] = 0;
		assertThat(parse().authenticated()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 6, 8, -1 })
	void anotherLevelIsRefusedWithItsNumberAndTheKnownOne(int level) {
		ByteBuffer.wrap(this.packet).putInt(SambaPackets.LEVEL, Integer.reverseBytes(level));
		assertRefused("level " + Integer.toUnsignedString(level));
		assertRefused("level 7 (Samba 4.17)");
	}

	@Test
	void everyPacketThatIsCutIsRefused() {
		for (int length = 0; length < this.packet.length; length++) {
			byte[] cut = Arrays.copyOf(this.packet, length);
			if (length >= Integer.BYTES) {
				ByteBuffer.wrap(cut).putInt(length - Integer.BYTES);
			}
			assertThatExceptionOfType(SambaHandshakeException.class)
				.isThrownBy(() -> SambaHandshake.parse(ByteBuffer.wrap(cut)));
		}
	}

	@Test
	void nothingIsLeftOver() {
		byte[] longer = Arrays.copyOf(this.packet, this.packet.length + 4);
		ByteBuffer.wrap(longer).putInt(longer.length - Integer.BYTES);
		assertThatExceptionOfType(SambaHandshakeException.class)
			.isThrownBy(() -> SambaHandshake.parse(ByteBuffer.wrap(longer)))
			.withMessageContaining("4 bytes are left over");
	}

	@ParameterizedTest
	@CsvSource({ "0, 769 bytes, false", "7, more than there are, true", "0x1000000, over the limit, true",
			"-1, negative, true" })
	void lengthIsCheckedBeforeMemoryIsTaken(String length, String what, boolean refused) {
		int value = Integer.decode(length);
		ByteBuffer.wrap(this.packet).putInt((value != 0) ? value : 769);
		if (refused) {
			assertThatExceptionOfType(SambaHandshakeException.class).as(what).isThrownBy(this::parse);
		}
		else {
			assertThatCode(this::parse).as(what).doesNotThrowAnyException();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ffffffff00000000", "ffffffffffffffff", "0000000001000000" })
	void whatIsNoIdIsRefused(String id) {
		System.arraycopy(HexFormat.of().parseHex(id), 0, this.packet, SambaPackets.unixToken(this.packet), 8);
		assertRefused("no uid");
	}

	@Test
	void twoCountsOfOneArrayMustAgree() {
		this.packet[SambaPackets.unixToken(this.packet) + 16] = 1;
		assertRefused("two numbers of groups");
	}

	@Test
	void countOverWhatIsThereTakesNoMemory() {
		byte[] count = HexFormat.of().parseHex("ffffff7f");
		System.arraycopy(count, 0, this.packet, SambaPackets.indexOf(this.packet, "090000000900000001050000"), 4);
		assertRefused("there are not 2147483647 elements");
	}

	@Test
	void answersAreThirtySixBytesInMessageMode() {
		assertThat(HexFormat.of().formatHex(SambaHandshake.accepted().array()))
			.isEqualTo("000000204e50414d07000000070000000200ff0500000000001000000000000000000000");
		assertThat(SambaHandshake.busy().remaining()).isEqualTo(36);
		assertThat(SambaHandshake.busy().get(SambaPackets.LEVEL)).isZero();
	}

	@Test
	void corpusOfTheFuzzerHasNoSurprise() throws IOException {
		List<String> lines;
		try (InputStream corpus = SambaHandshakeTests.class.getResourceAsStream("samba-fuzz-corpus.txt")) {
			assertThat(corpus).isNotNull();
			lines = new String(corpus.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
		}
		assertThat(lines).isNotEmpty()
			.allSatisfy((line) -> assertThatCode(() -> SambaFuzzer.fuzzerTestOneInput(Base64.getDecoder().decode(line)))
				.doesNotThrowAnyException());
	}

	private SambaHandshake parse() {
		return SambaHandshake.parse(ByteBuffer.wrap(this.packet));
	}

	private void replace(String from, String to) {
		byte[] bytes = HexFormat.of().parseHex(to);
		System.arraycopy(bytes, 0, this.packet, SambaPackets.indexOf(this.packet, from), bytes.length);
	}

	private void assertRefused(String message) {
		assertThatExceptionOfType(SambaHandshakeException.class).isThrownBy(this::parse).withMessageContaining(message);
	}

}
