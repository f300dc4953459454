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

import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.mock.env.MockEnvironment;

import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeDirectoryException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.TransportCapabilities.Feature;
import io.namedpipe.transport.anonymous.ParentPipeListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of the advice for each reason why a pipe cannot be served.
 */
class PipeStartupFailureAnalyzerTests {

	private static final String PIPE = "namedpipe.server.pipes.files.";

	private final MockEnvironment environment = new MockEnvironment();

	private String action(String name, PipeException reason) {
		PipeListenerStartupException failure = new PipeListenerStartupException("files", name, reason);
		FailureAnalysis analysis = new PipeStartupFailureAnalyzer(this.environment).analyze(failure);
		assertThat(analysis.getDescription()).isEqualTo(failure.getMessage());
		assertThat(analysis.getCause()).isSameAs(failure);
		return analysis.getAction();
	}

	private static PipeUnsupportedException unsupported(Feature feature) {
		return catchThrowableOfType(PipeUnsupportedException.class,
				() -> TransportCapabilities.of().require(feature, "simple"));
	}

	@ParameterizedTest
	@CsvSource({ "MESSAGE_MODE, mode", "ONE_WAY, direction", "SECURITY_DESCRIPTOR, sddl", "ACCESS_RULES, allowed",
			"REMOTE, reject-remote-clients" })
	void settingThatTheTransportCannotFollowIsToBeRemoved(Feature feature, String setting) {
		assertThat(action("acme", unsupported(feature))).startsWith("Remove '" + PIPE + setting + "', or choose")
			.contains("'namedpipe.transport'");
		this.environment.setProperty("namedpipe.server." + setting, "x");
		assertThat(action("acme", unsupported(feature))).startsWith("Remove 'namedpipe.server." + setting + "', ");
		this.environment.setProperty(PIPE + setting, "x");
		assertThat(action("acme", unsupported(feature))).startsWith("Remove '" + PIPE + setting + "', ");
	}

	@Test
	void usersAreLetInWithoutASecurityDescriptor() {
		assertThat(action("acme", unsupported(Feature.SECURITY_DESCRIPTOR)))
			.endsWith("To let users in, set '" + PIPE + "allowed'.");
	}

	static Stream<Arguments> reasons() {
		return Stream.of(
				Arguments.of("acme", unsupported(Feature.IMPERSONATION),
						"Remove @RunAsClient from the handlers, .*'%sallowed'.*'%simpersonation' to 'if-available'.*"),
				Arguments.of("acme", new PipeImpersonationException("no"),
						"Run the server with the privilege .*'%sallowed'.*'%simpersonation' to 'if-available'.*"),
				Arguments.of("acme", new PipeUnsupportedException("JNA is missing"),
						"Do what the description says of JNA; .*'%simpersonation' to 'if-available'.*"),
				Arguments.of("acme", new PipeUnsupportedException("it goes one way"),
						"Set '%sprotocol' to 'raw', or remove '%sdirection'."),
				Arguments.of("acme", new PipeUnsupportedException("no"),
						"Correct 'namedpipe.transport', or what the description names."),
				Arguments.of("acme", new PipeInUseException("a file stands there"),
						"Remove what stands there .*'%sname' to another name."),
				Arguments.of("acme", new PipeInUseException("the lock file 'x' is a folder"),
						"Remove what stands there .*'%sname' to another name."),
				Arguments.of("acme", new PipeInUseException("in use"), "Stop the other server .*'%sname'.*"),
				Arguments.of("acme", new DuplicatePipeException("acme", "other"),
						"Set '%sname' or 'namedpipe.server.pipes.other.name' to another name."),
				Arguments.of("acme", new PipeException("set 'namedpipe.samba.socket-directory'"),
						"Do what the description says; docs/network.md .*'%sreject-remote-clients' to 'true'.*"),
				Arguments.of("acme", new PipeException("smbd of Samba is missing"),
						"Do what the description says; docs/network.md .*'%sreject-remote-clients' to 'true'.*"),
				Arguments.of("acme", new PipeAddressException("acme", "too long"),
						"Set '%sname' to a name without slashes .*'namedpipe.unix.directory' to a shorter one."),
				Arguments.of("acme", new PipeAddressException("acme", "it needs a UTF-8 locale"),
						"Start the application in a UTF-8 locale, .*'%sname' to a name in ASCII."),
				Arguments.of("acme", new PipeAccessRuleException("bob", "no such user"), "Correct '%sallowed'."),
				Arguments.of("acme", new PipeAccessDeniedException("no"),
						"Let the user of this process .*'namedpipe.unix.directory' \\(or TMPDIR\\) .*'%sname' to an absolute path.*"),
				Arguments.of("/run/acme", new PipeAccessDeniedException("no"),
						"Let the user of this process .*, or set '%sname' to the path of a socket in another directory.*"),
				Arguments.of("acme", new PipeDirectoryException("no", Path.of("run"), "Create it", null),
						"Create it, or '%sname' to an absolute path."),
				Arguments.of("/run/acme", new PipeDirectoryException("no", Path.of("run"), "Create it", null),
						"Correct the directory: set '%sname' to the path of a socket in another directory."),
				Arguments.of(ParentPipeListener.PIPE_NAME, new PipeException("no"),
						"Do what the description says, or set '%sname' to another name .*"),
				Arguments.of(ParentPipeListener.PIPE_NAME, unsupported(Feature.MESSAGE_MODE), "Remove '%smode', .*"),
				Arguments.of("acme", new PipeException("no"),
						"Do what the description says; the settings are those under '%s\\*'."));
	}

	@ParameterizedTest
	@MethodSource("reasons")
	void actionFollowsFromTheReason(String name, PipeException reason, String action) {
		assertThat(action(name, reason)).matches(action.replace("%s", PIPE));
	}

	@Test
	void descriptorIsCorrectedIfItIsTheRule() {
		this.environment.setProperty("namedpipe.server.sddl", "D:");
		assertThat(action("acme", new PipeAccessRuleException("D:", "no")))
			.isEqualTo("Correct 'namedpipe.server.sddl'.");
		this.environment.setProperty(PIPE + "sddl", "D:");
		assertThat(action("acme", new PipeAccessRuleException("D:", "no"))).isEqualTo("Correct '" + PIPE + "sddl'.");
	}

}
