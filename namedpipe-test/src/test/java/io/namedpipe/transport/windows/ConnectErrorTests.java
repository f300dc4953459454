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

package io.namedpipe.transport.windows;

import com.sun.jna.platform.win32.WinError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each error of {@code CreateFile} has the exception type that fits it.
 */
@OnWindows
class ConnectErrorTests {

	private static PipeException failure(int error) {
		return new WindowsConnector(PipeAddress.of("\\\\elsewhere\\pipe\\x"), PipeClientOptions.defaults())
			.failed(error);
	}

	@Test
	void onlyABusyPipeIsBusy() {
		for (int error = 1; error < 2000; error++) {
			assertThat(failure(error) instanceof PipeBusyException).as("error %d", error)
				.isEqualTo(error == WinError.ERROR_PIPE_BUSY);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { WinError.ERROR_TOO_MANY_OPEN_FILES, WinError.ERROR_NOT_ENOUGH_MEMORY,
			WinError.ERROR_NO_SYSTEM_RESOURCES, WinError.ERROR_INVALID_FUNCTION })
	void anythingElseIsReportedWithItsNumber(int error) {
		assertThat(failure(error)).isExactlyInstanceOf(PipeException.class)
			.hasMessageContaining("cannot be opened")
			.hasMessageContaining("Windows error " + error);
	}

	@ParameterizedTest
	@ValueSource(ints = { WinError.ERROR_BAD_NETPATH, WinError.ERROR_BAD_NET_NAME, WinError.ERROR_REM_NOT_LIST,
			WinError.ERROR_NETWORK_UNREACHABLE, WinError.ERROR_HOST_UNREACHABLE, WinError.ERROR_HOST_DOWN })
	void machineThatCannotBeReachedIsNotFound(int error) {
		assertThat(failure(error)).isInstanceOf(PipeNotFoundException.class)
			.hasMessageContaining("cannot be reached")
			.hasMessageContaining("Windows error " + error);
	}

	@ParameterizedTest
	@ValueSource(ints = { WinError.ERROR_NETWORK_ACCESS_DENIED, WinError.ERROR_LOGON_FAILURE,
			WinError.ERROR_ACCOUNT_RESTRICTION, WinError.ERROR_PASSWORD_EXPIRED, WinError.ERROR_ACCOUNT_DISABLED,
			WinError.ERROR_ACCOUNT_EXPIRED, WinError.ERROR_LOGON_TYPE_NOT_GRANTED })
	void machineThatRefusesTheUserDeniesAccess(int error) {
		assertThat(failure(error)).isInstanceOf(PipeAccessDeniedException.class)
			.hasMessageContaining("log on")
			.hasMessageContaining("Windows error " + error);
	}

	@ParameterizedTest
	@ValueSource(ints = { WinError.ERROR_INVALID_NAME, WinError.ERROR_PATH_NOT_FOUND })
	void nameThatWindowsRefusesIsAWrongAddress(int error) {
		assertThat(failure(error)).isInstanceOf(PipeAddressException.class)
			.hasMessageContaining("Windows error " + error);
	}

}
