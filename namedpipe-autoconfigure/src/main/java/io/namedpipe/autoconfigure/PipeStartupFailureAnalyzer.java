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

package io.namedpipe.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeDirectoryException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.anonymous.ParentPipeListener;

/**
 * Explains why a pipe could not be opened, and which property to change.
 */
final class PipeStartupFailureAnalyzer extends AbstractFailureAnalyzer<PipeListenerStartupException> {

	private static final String DIRECTORY = "namedpipe.unix.directory";

	private final Environment environment;

	PipeStartupFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PipeListenerStartupException cause) {
		return new FailureAnalysis(cause.getMessage(), action(cause, cause.getCause()), cause);
	}

	private String action(PipeListenerStartupException failure, @Nullable Throwable reason) {
		String id = failure.getPipeId();
		String name = PropertyNames.ofPipe(id, "name");
		if (reason instanceof DuplicatePipeException duplicate) {
			return "Set '%s' or '%s' to another name.".formatted(name,
					PropertyNames.ofPipe(duplicate.getOtherId(), "name"));
		}
		if (ParentPipeListener.PIPE_NAME.equals(failure.getPipeName())
				&& !(reason instanceof PipeUnsupportedException)) {
			return "Do what the description says, or set '%s' to another name to serve a named pipe.".formatted(name);
		}
		if (reason instanceof PipeInUseException
				&& String.valueOf(reason.getMessage()).matches(".*(stands there|the lock file ').*")) {
			return "Remove what stands there if nobody needs it, or set '%s' to another name.".formatted(name);
		}
		if (reason instanceof PipeInUseException) {
			return "Stop the other server on this pipe, or set '%s' to another name.".formatted(name);
		}
		if (reason != null && isAboutSamba(reason)) {
			return "Do what the description says; docs/network.md has an example. Or set '%s' to 'true' to serve this machine alone."
				.formatted(property(id, "reject-remote-clients"));
		}
		if (reason instanceof PipeAddressException address && address.getReason().contains("UTF-8 locale")) {
			return "Start the application in a UTF-8 locale, such as LC_ALL=C.UTF-8, or set '%s' to a name in ASCII."
				.formatted(name);
		}
		if (reason instanceof PipeAddressException) {
			return "Set '%s' to a name without slashes of at most 247 characters, or to an absolute socket path of at most 106 bytes (102 on macOS). Where the directory is too long, set '%s' to a shorter one."
				.formatted(name, DIRECTORY);
		}
		if (reason instanceof PipeAccessDeniedException) {
			return "Let the user of this process write to the directory, or %s, where it can."
				.formatted(otherDirectory(failure, name));
		}
		if (reason instanceof PipeAccessRuleException) {
			String sddl = property(id, "sddl");
			return "Correct '%s'."
				.formatted(PropertyNames.isSet(this.environment, sddl) ? sddl : property(id, "allowed"));
		}
		if (reason instanceof PipeImpersonationException) {
			return "Run the server with the privilege to act as other users, let in the current user only with '%s', or set '%s' to 'if-available' to refuse the requests of other users one by one."
				.formatted(property(id, "allowed"), property(id, "impersonation"));
		}
		if (reason instanceof PipeUnsupportedException unsupported) {
			return actionOfUnsupported(id, unsupported);
		}
		if (reason instanceof PipeDirectoryException directory) {
			return isPath(failure) ? "Correct the directory: %s.".formatted(otherDirectory(failure, name))
					: "%s, or '%s' to an absolute path.".formatted(directory.action(), name);
		}
		return "Do what the description says; the settings are those under '%s'."
			.formatted(PropertyNames.ofPipe(id, "*"));
	}

	private static boolean isAboutSamba(Throwable reason) {
		String message = String.valueOf(reason.getMessage());
		return message.contains("namedpipe.samba.") || message.contains("Samba");
	}

	private String actionOfUnsupported(String id, PipeUnsupportedException reason) {
		if (reason.getFeature() != null) {
			return switch (reason.getFeature()) {
				case MESSAGE_MODE -> remove(property(id, "mode"));
				case ONE_WAY -> remove(property(id, "direction"));
				case SECURITY_DESCRIPTOR -> remove(property(id, "sddl"))
						+ " To let users in, set '%s'.".formatted(PropertyNames.ofPipe(id, "allowed"));
				case ACCESS_RULES -> remove(property(id, "allowed"));
				case REMOTE -> remove(property(id, "reject-remote-clients"));
				case IMPERSONATION ->
					"Remove @RunAsClient from the handlers, let in the current user only with '%s', or set '%s' to 'if-available' to refuse the requests of other users one by one."
						.formatted(property(id, "allowed"), property(id, "impersonation"));
			};
		}
		if (String.valueOf(reason.getMessage()).contains("JNA")) {
			return "Do what the description says of JNA; or set '%s' to 'if-available' if the pipe can be served without acting as other users."
				.formatted(property(id, "impersonation"));
		}
		if (String.valueOf(reason.getMessage()).contains("one way")) {
			return "Set '%s' to 'raw', or remove '%s'.".formatted(property(id, "protocol"), property(id, "direction"));
		}
		return "Correct 'namedpipe.transport', or what the description names.";
	}

	private static String remove(String property) {
		return "Remove '%s', or choose a transport that has it with 'namedpipe.transport'.".formatted(property);
	}

	private static String otherDirectory(PipeListenerStartupException failure, String name) {
		return isPath(failure) ? "set '%s' to the path of a socket in another directory".formatted(name)
				: "set '%s' (or TMPDIR) to another one, or '%s' to an absolute path".formatted(DIRECTORY, name);
	}

	private static boolean isPath(PipeListenerStartupException failure) {
		String name = failure.getPipeName();
		return name != null && name.startsWith("/");
	}

	private String property(String id, String setting) {
		return PropertyNames.ofSource(this.environment, id, setting);
	}

}
