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

package io.namedpipe.client;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Downloads of which either side is killed.
 */
@Timeout(180)
class KilledDownloadTests extends DownloadFixture {

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program connects over the Unix transport")
	void clientThatIsKilledLeavesNoPartInPlaceOfTheTarget() throws Exception {
		this.files.file.set(FileServer.random(4, 8_000_000));
		Random random = new Random();
		Files.writeString(this.target, "before");
		for (int i = 0; i < 4; i++) {
			this.files.breakAfter = Integer.MAX_VALUE;
			try (ChildJvm child = ChildJvm.start(DownloadProgram.class, Map.of(), List.of(),
					System.getProperty("java.class.path"), this.peer.address.name(), this.target.toString())) {
				assertThat(child.readLine()).endsWith(" of 8000000");
				Thread.sleep(random.nextInt(10));
				child.kill();
			}
			assertThat(Files.size(this.target)).isIn(6L, 8_000_000L);
		}
		request().resume(true).download(this.target);
		assertComplete();
	}

	@Test
	void serverThatIsKilledAtAnyMomentLeavesNoPartInPlaceOfTheTarget() throws IOException {
		this.files.file.set(FileServer.random(5, 1_000_000));
		Files.writeString(this.target, "before");
		Random random = new Random(6);
		for (int i = 0; i < 10; i++) {
			this.files.breakAfter = random.nextInt(90_000);
			assertBreaksOff(request().resume(true));
			assertThat(this.target).hasContent("before");
		}
		this.files.breakAfter = Integer.MAX_VALUE;
		request().resume(true).download(this.target);
		assertComplete();
	}

}
