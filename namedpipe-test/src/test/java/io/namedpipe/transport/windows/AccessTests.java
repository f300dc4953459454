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

import java.time.Duration;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.AccCtrl;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Access rules of a server, and verification of a server by its owner.
 */
@OnWindows
class AccessTests extends TransportContract {

	private static final String WINE_HAS_ONE_USER = "it checks no access list";

	AccessTests() {
		super(new WindowsPipeTransport());
	}

	private PipeServerChannel bind(PipeAccess access) {
		return track(this.transport.bind(uniqueAddress(), PipeServerOptions.builder().access(access).build()));
	}

	private static String sddlOf(PipeServerChannel server) {
		int ownerAndAccessList = WinNT.OWNER_SECURITY_INFORMATION | WinNT.DACL_SECURITY_INFORMATION;
		Pointer client = new WindowsConnector(server.address(), PipeClientOptions.defaults()).open();
		try {
			PointerByReference ignored = new PointerByReference();
			PointerByReference descriptor = new PointerByReference();
			assertThat(Advapi32Calls.GetSecurityInfo(client, AccCtrl.SE_OBJECT_TYPE.SE_FILE_OBJECT, ownerAndAccessList,
					ignored.getPointer(), null, ignored.getPointer(), null, descriptor.getPointer()))
				.isZero();
			PointerByReference sddl = new PointerByReference();
			NativeLibrary.getInstance("advapi32")
				.getFunction("ConvertSecurityDescriptorToStringSecurityDescriptorW")
				.invokeInt(new Object[] { descriptor.getValue(), 1, ownerAndAccessList, sddl, null });
			return sddl.getValue().getWideString(0);
		}
		finally {
			Kernel32Calls.CloseHandle(client);
		}
	}

	@Test
	void defaultIsTheOwnerAndTheSystemAndNobodyElse() {
		String owner = AccessToken.currentUser();
		assertThat(SecurityDescriptor.sddl(PipeAccess.currentUser(), owner))
			.isEqualTo("O:" + owner + "D:P(A;;FA;;;" + owner + ")(A;;FA;;;SY)");
	}

	@Test
	void clientsGetReadAndWriteAndNoMore() {
		String sddl = SecurityDescriptor.sddl(
				PipeAccess.allow("current-user", "authenticated", "S-1-5-32-545", "s-1-5-32-545"), "S-1-5-21-1-2-3-4");
		assertThat(sddl).isEqualTo("O:S-1-5-21-1-2-3-4D:P(A;;FA;;;S-1-5-21-1-2-3-4)(A;;FA;;;SY)"
				+ "(A;;0x12019b;;;AU)(A;;0x12019b;;;S-1-5-32-545)");
	}

	@Test
	void rulesArriveAtThePipe() {
		PipeServerChannel server = bind(PipeAccess.allow("authenticated"));
		assertThat(sddlOf(server)).contains("D:P").contains("0x12019b;;;AU)").contains(";SY)");
	}

	@Test
	void descriptorArrivesAtThePipe() {
		String owner = AccessToken.currentUser();
		PipeServerChannel server = bind(PipeAccess.sddl("D:P(A;;FA;;;" + owner + ")(A;;0x12019b;;;BU)"));
		assertThat(sddlOf(server)).contains("D:P").contains("0x12019b;;;BU)").doesNotContain(";SY)");
	}

	@Test
	void accountsAreFoundByName() {
		Accounts.Account own = Accounts.ofSid(AccessToken.currentUser());
		assertThat(own).isNotNull();
		assertThat(SecurityDescriptor.sddl(PipeAccess.allow(own.name()), "S-1-5-18"))
			.endsWith("(A;;0x12019b;;;" + own.sid() + ")");
		Accounts.Account administrators = Accounts.ofSid(Accounts.ADMINISTRATORS);
		assertThat(administrators).isNotNull();
		assertThat(SecurityDescriptor.sddl(PipeAccess.allow("group:" + administrators.name()), "S-1-5-18"))
			.endsWith("(A;;0x12019b;;;" + Accounts.ADMINISTRATORS + ")");
	}

	@Test
	void userIsNoGroupAndGroupIsNoUser() {
		String user = Accounts.ofSid(AccessToken.currentUser()).name();
		assertRefused(PipeAccess.allow("group:" + user), "group:" + user, "not a group");
		String group = Accounts.ofSid(Accounts.ADMINISTRATORS).name();
		assertRefused(PipeAccess.allow(group), group, "write 'group:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "no such user", "S-1-banana", "group:", "group:no such group", "NOWHERE\\nobody" })
	void ruleThatIsNotUnderstandableIsNamed(String rule) {
		assertRefused(PipeAccess.allow(rule), rule, rule.replace("group:", ""));
	}

	@Test
	void messageForAnUnknownAccountTellsHowToWriteIt() {
		assertRefused(PipeAccess.allow("no such user"), "no such user", "write DOMAIN\\name, or the SID");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "D:(A;;FA;;;XX)", "D:P(A;;FA" })
	void descriptorThatIsNotUnderstandableIsNamed(String sddl) {
		assertRefused(PipeAccess.sddl(sddl), sddl, "not a security descriptor");
	}

	private void assertRefused(PipeAccess access, String rule, String reason) {
		PipeAddress address = uniqueAddress();
		PipeServerOptions options = PipeServerOptions.builder().access(access).build();
		assertThatExceptionOfType(PipeAccessRuleException.class).isThrownBy(() -> this.transport.bind(address, options))
			.satisfies((ex) -> assertThat(ex.rule()).isEqualTo(rule))
			.withMessageContaining(reason);
		// The bind that was refused has not claimed the name.
		track(this.transport.bind(address, PipeServerOptions.defaults()));
	}

	@Test
	@DisabledUnderWine(WINE_HAS_ONE_USER)
	void clientThatIsNotAllowedIsRefusedAtOnce() {
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(),
				PipeServerOptions.builder().instances(1).access(PipeAccess.sddl("D:P(A;;FA;;;SY)")).build()));
		long start = System.nanoTime();
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> connect(server.address()));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(PATIENCE_SECONDS / 2));
	}

	@Test
	@DisabledUnderWine(WINE_HAS_ONE_USER)
	void clientRightsAreEnoughForOursAndNotForGenericWrite() throws Exception {
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(),
				PipeServerOptions.builder()
					.instances(1)
					.access(PipeAccess.sddl("D:P(A;;0x12019b;;;" + AccessToken.currentUser() + ")"))
					.build()));
		int genericReadAndWrite = 0xC0000000;
		Pointer handle = Kernel32Calls.CreateFileW(new WString(server.address().toUnc()), genericReadAndWrite, 0, null,
				3, 0, null);
		int error = Native.getLastError();
		assertThat(Kernel32Calls.valid(handle)).isNull();
		assertThat(error).isEqualTo(WinError.ERROR_ACCESS_DENIED);
		Pair pair = pair(server);
		pair.client().write(bytes("ok"));
		assertThat(readText(pair.server(), 2)).isEqualTo("ok");
	}

	@Test
	void serverOfTheExpectedOwnerIsAccepted() {
		PipeServerChannel server = bind(uniqueAddress());
		for (ExpectedServer expected : new ExpectedServer[] { ExpectedServer.of("current-user"),
				ExpectedServer.of(AccessToken.currentUser()), ExpectedServer.of("S-1-5-99", AccessToken.currentUser()),
				ExpectedServer.of("any") }) {
			PipeClientOptions options = PipeClientOptions.builder().expectedServer(expected).build();
			assertThatNoException().isThrownBy(() -> this.transport.connect(server.address(), options).close());
		}
	}

	@Test
	void serverOfAnotherOwnerIsRefusedAndLearnsNothing() {
		PipeServerChannel server = bind(uniqueAddress());
		PipeClientOptions options = PipeClientOptions.builder().expectedServer(ExpectedServer.of("S-1-5-99")).build();
		assertThatExceptionOfType(PipeNotVerifiedException.class)
			.isThrownBy(() -> this.transport.connect(server.address(), options))
			.withMessageContaining(AccessToken.currentUser())
			.withMessageContaining("S-1-5-99");
		assertThat(readOne(track(server.accept()))).isEqualTo(-1);
	}

	@Test
	void expectedServerThatIsNotUnderstandableIsNamed() {
		PipeServerChannel server = bind(uniqueAddress());
		PipeClientOptions options = PipeClientOptions.builder()
			.expectedServer(ExpectedServer.of("no such user"))
			.build();
		assertThatExceptionOfType(PipeAccessRuleException.class)
			.isThrownBy(() -> this.transport.connect(server.address(), options))
			.withMessageContaining("no such user");
	}

}
