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

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import com.hierynomus.mserref.NtStatus;
import com.hierynomus.mssmb2.SMB2MessageCommandCode;
import com.hierynomus.mssmb2.SMBApiException;
import com.hierynomus.smbj.session.SMB2GuestSigningRequiredException;
import org.ietf.jgss.GSSException;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Translates failures to open a pipe, by the status codes of [MS-ERREF] 2.3.1.
 */
final class SmbFailures {

	static final long END_OF_FILE = 0xC0000011L;

	static final long PIPE_DISCONNECTED = 0xC00000B0L;

	static final long PIPE_CLOSING = 0xC00000B1L;

	static final long PIPE_BROKEN = 0xC000014BL;

	/** The password, the account or its restrictions; the trust in the machine. */
	private static final Set<Long> LOGON = Set.of(0xC000006DL, 0xC000006AL, 0xC0000064L, 0xC000006EL, 0xC000006FL,
			0xC0000070L, 0xC0000071L, 0xC0000072L, 0xC000015BL, 0xC000018CL, 0xC000018DL, 0xC0000193L, 0xC0000224L,
			0xC0000234L, 0xC0000192L, 0xC000005EL);

	/** No such name; behind Samba also a socket that nobody listens on. */
	private static final Set<Long> MISSING = Set.of(0xC0000034L, 0xC0000033L, 0xC000003AL, 0xC000000FL, 0xC0000236L);

	/** Instances in use; behind Samba an answer that this library gives. */
	private static final Set<Long> BUSY = Set.of(0xC00000ABL, 0xC00000ACL, 0xC00000AEL, 0xC00000D0L, 0xC000000DL,
			0xC00000CEL);

	private static final long ACCESS_DENIED = 0xC0000022L;

	/** Behind Samba: the server has closed instead of letting the client in. */
	private static final long CONNECTION_DISCONNECTED = 0xC000020CL;

	private SmbFailures() {
	}

	static PipeException translate(PipeAddress address, int port, Throwable ex) {
		if (ex instanceof PipeException failure) {
			return failure;
		}
		if (find(ex, SMB2GuestSigningRequiredException.class) != null) {
			return guest(address, ex);
		}
		SMBApiException answer = find(ex, SMBApiException.class);
		if (answer != null) {
			return translate(address, answer);
		}
		return translateWithoutAnswer(address, port, ex);
	}

	static PipeNotVerifiedException guest(PipeAddress address, @Nullable Throwable ex) {
		return new PipeNotVerifiedException(
				("The server '%s' does not know the user and offers the session of a guest or of nobody, which proves nothing; "
						+ "nothing was sent to the pipe '%s'. Check 'namedpipe.smb.username'")
					.formatted(address.server(), address),
				ex);
	}

	private static PipeException translate(PipeAddress address, SMBApiException ex) {
		long code = ex.getStatusCode() & 0xFFFF_FFFFL;
		String status = describe(code);
		if (ex.getFailedCommand() == SMB2MessageCommandCode.SMB2_NEGOTIATE) {
			return new PipeNotVerifiedException(
					("'%s' speaks no version of SMB that 'namedpipe.smb.minimum-dialect' allows (%s); "
							+ "nothing was sent to the pipe '%s'")
						.formatted(address.server(), status, address),
					ex);
		}
		if (LOGON.contains(code)) {
			return new PipeAccessDeniedException(
					"The log-on to '%s' failed (%s): check 'namedpipe.smb.username', the password and the domain"
						.formatted(address.server(), status),
					ex);
		}
		if (MISSING.contains(code)) {
			return new PipeNotFoundException(
					"No server listens on the pipe '%s' (%s); start it first".formatted(address, status), ex);
		}
		if (BUSY.contains(code) && ex.getFailedCommand() == SMB2MessageCommandCode.SMB2_CREATE) {
			return new PipeBusyException(
					"The server on the pipe '%s' takes no more clients for now (%s)".formatted(address, status), ex);
		}
		if (code == ACCESS_DENIED || code == CONNECTION_DISCONNECTED) {
			return new PipeAccessDeniedException(
					"The user may not open the pipe '%s' (%s); the log of the server says more".formatted(address,
							status),
					ex);
		}
		return new PipeException("The pipe '%s' cannot be opened: %s".formatted(address, status), ex);
	}

	private static PipeException translateWithoutAnswer(PipeAddress address, int port, Throwable ex) {
		if (find(ex, UnknownHostException.class) != null) {
			return new PipeNotFoundException(
					"There is no machine '%s'; the pipe '%s' cannot be reached".formatted(address.server(), address),
					ex);
		}
		if (find(ex, ConnectException.class) != null || find(ex, NoRouteToHostException.class) != null) {
			return new PipeNotFoundException("Nothing answers on port %d of '%s'; the pipe '%s' cannot be reached"
				.formatted(port, address.server(), address), ex);
		}
		if (find(ex, TimeoutException.class) != null || find(ex, SocketTimeoutException.class) != null) {
			return new PipeTimeoutException("'%s' has not answered in time on port %d; the pipe '%s' was not opened"
				.formatted(address.server(), port, address), ex);
		}
		if (find(ex, InterruptedException.class) != null) {
			Thread.currentThread().interrupt();
			return new PipeException("Connecting to the pipe '%s' was interrupted".formatted(address), ex);
		}
		GSSException kerberos = find(ex, GSSException.class);
		if (kerberos != null) {
			return kerberos(address, kerberos);
		}
		return new PipeException("The pipe '%s' cannot be opened: %s".formatted(address, ex.getMessage()), ex);
	}

	static PipeAccessDeniedException kerberos(PipeAddress address, Throwable ex) {
		return new PipeAccessDeniedException(
				("The log-on to '%s' with Kerberos failed: %s. A ticket is needed (kinit), or 'namedpipe.smb.keytab', "
						+ "and the server needs the principal cifs/%s")
					.formatted(address.server(), ex.getMessage(), address.server()),
				ex);
	}

	static boolean isEndOfStream(long status) {
		long code = status & 0xFFFF_FFFFL;
		return code == END_OF_FILE || code == PIPE_DISCONNECTED || code == PIPE_CLOSING || code == PIPE_BROKEN;
	}

	static String describe(long code) {
		NtStatus known = NtStatus.valueOf(code);
		return (known != NtStatus.STATUS_OTHER) ? "%s, 0x%08X".formatted(known, code) : "status 0x%08X".formatted(code);
	}

	static <T extends Throwable> @Nullable T find(Throwable ex, Class<T> type) {
		for (Throwable each = ex; each != null; each = each.getCause()) {
			if (type.isInstance(each)) {
				return type.cast(each);
			}
		}
		return null;
	}

}
