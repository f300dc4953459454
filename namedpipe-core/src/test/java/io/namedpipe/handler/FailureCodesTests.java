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

package io.namedpipe.handler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.annotation.PipeFailureCode;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the causes in which the code of a failure is found.
 */
@Timeout(120)
class FailureCodesTests {

	private static Exception causedBy(Exception cause, int depth) {
		Exception exception = cause;
		for (int i = 0; i < depth; i++) {
			exception = new IllegalStateException(exception);
		}
		return exception;
	}

	@Test
	void codeIsLookedForInSixteenCauses() {
		assertThat(FailureCodes.apply(causedBy(new BusyException(), 15)))
			.isInstanceOfSatisfying(PipeRequestException.class, (ex) -> assertThat(ex.getCode()).isEqualTo(Code.BUSY));
		Exception deeper = causedBy(new BusyException(), 16);
		assertThat(FailureCodes.apply(deeper)).isSameAs(deeper);
	}

	@Test
	void causesThatLeadBackEnd() {
		Exception cause = new IllegalStateException();
		Exception thrown = new IllegalStateException(cause);
		cause.initCause(thrown);
		assertThat(FailureCodes.apply(thrown)).isSameAs(thrown);
	}

	@PipeFailureCode(Code.BUSY)
	static class BusyException extends Exception {

	}

}
