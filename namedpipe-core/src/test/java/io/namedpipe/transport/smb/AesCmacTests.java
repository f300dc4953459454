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

import java.util.HexFormat;
import java.util.Random;

import com.hierynomus.security.Mac;
import com.hierynomus.security.bc.BCSecurityProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of AES-CMAC with the vectors of RFC 4493, section 4.
 */
class AesCmacTests {

	private static final HexFormat HEX = HexFormat.of();

	private static final byte[] KEY = HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c");

	private static final byte[] MESSAGE = HEX
		.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
				+ "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

	@ParameterizedTest
	@CsvSource({ "0, bb1d6929e95937287fa37d129b756746", "16, 070a16b46b4d4144f79bdd9dd04a287c",
			"40, dfa66747de9ae63030ca32611497c827", "64, 51f0bebf7e3b9d92fc49741779363cfe" })
	void vectorsOfTheStandard(int length, String expected) throws Exception {
		AesCmac mac = new AesCmac();
		mac.init(KEY);
		for (int turn = 0; turn < 2; turn++) {
			mac.update(MESSAGE, 0, length);
			assertThat(HEX.formatHex(mac.doFinal())).isEqualTo(expected);
		}
		for (int i = 0; i < length; i++) {
			mac.update(MESSAGE[i]);
		}
		assertThat(HEX.formatHex(mac.doFinal())).isEqualTo(expected);
	}

	@Test
	void isWhatBouncyCastleMakesOfAnyPieces() throws Exception {
		Random random = new Random(4493);
		AesCmac mac = new AesCmac();
		Mac other = new BCSecurityProvider().getMac("AesCmac");
		for (int turn = 0; turn < 300; turn++) {
			byte[] key = new byte[16];
			random.nextBytes(key);
			mac.init(key);
			other.init(key);
			for (int piece = random.nextInt(6); piece >= 0; piece--) {
				byte[] bytes = new byte[random.nextInt(20_000)];
				random.nextBytes(bytes);
				mac.update(bytes);
				other.update(bytes);
			}
			assertThat(mac.doFinal()).isEqualTo(other.doFinal());
		}
	}

	@Test
	void resetForgetsWhatCameBefore() throws Exception {
		AesCmac mac = new AesCmac();
		mac.init(KEY);
		mac.update(MESSAGE);
		mac.reset();
		assertThat(HEX.formatHex(mac.doFinal())).isEqualTo("bb1d6929e95937287fa37d129b756746");
	}

}
