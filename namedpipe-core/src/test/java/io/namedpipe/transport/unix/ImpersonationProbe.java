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

import java.nio.file.Path;

import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeException;

/**
 * What a server process with other privileges runs: prints what it can do, line by line.
 */
public final class ImpersonationProbe {

	private static final FileOpener OPENER = new UnixPipeTransport().fileOpener();

	private ImpersonationProbe() {
	}

	/**
	 * Probe.
	 * @param args a uid to act as, and files to read then
	 */
	public static void main(String[] args) {
		System.out.println("verify " + outcome(() -> {
			new UnixPipeTransport().verifyImpersonation();
			return "ok";
		}));
		System.out.println("own " + act(UnixProcess.self().euid(), "/etc/passwd"));
		for (int i = 1; i < args.length; i++) {
			System.out.println("peer " + act(Integer.parseInt(args[0]), args[i]));
		}
	}

	private static String act(int uid, String file) {
		return outcome(() -> {
			String before = ThreadStatus.read();
			Impersonation impersonation = new UnixImpersonation(
					new UnixUser(uid, uid, new int[0], "somebody", new SystemUserDatabase()));
			Impersonation.Scope scope = impersonation.enter();
			try {
				OPENER.open(Path.of(file)).close();
				return "read, switched " + impersonation.isSwitchNeeded();
			}
			catch (java.nio.file.AccessDeniedException ex) {
				return "denied";
			}
			finally {
				scope.leave();
				if (!ThreadStatus.read().equals(before)) {
					System.out.println("changed from " + before + " to " + ThreadStatus.read());
				}
			}
		});
	}

	private static String outcome(java.util.concurrent.Callable<String> body) {
		try {
			return body.call();
		}
		catch (PipeException ex) {
			return ex.getClass().getSimpleName() + ": " + ex.getMessage();
		}
		catch (Exception ex) {
			return ex.toString();
		}
	}

}
