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

package io.namedpipe;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packages of the library and what they may use.
 */
class ArchitectureTests {

	private static final String BASE = "io.namedpipe.";

	/** From the ground up: a package uses those before it, and none after it. */
	private static final List<Set<String>> LAYERS = List.of(Set.of("platform"), Set.of("posix"), Set.of("deadline"),
			Set.of("transport"), Set.of("file"), Set.of("protocol"), Set.of("annotation"), Set.of("security"),
			Set.of("handler"), Set.of("listener"), Set.of("client"), Set.of("observation", "event"), Set.of("actuate"),
			Set.of("autoconfigure"));

	private static final DescribedPredicate<JavaClass> API_ON_THE_TRANSPORTS = DescribedPredicate.describe(
			"are the API of anonymous pipes and of sockets",
			(type) -> Set
				.of("PipePair", "PipeProcess", "ParentPipe", "PipeSocketFactory", "PipeSocket", "PipeServerSocket",
						"InheritedPipe")
				.contains(type.getSimpleName()));

	/** The library and the auto-configuration, without tests and what is for tests. */
	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption((location) -> !location.contains("test-classes") && !location.contains("-tests.jar")
				&& !location.contains("/namedpipe-test"))
		.importPackages("io.namedpipe");

	@TestFactory
	List<DynamicTest> packagesUseOnlyThoseBelow() {
		return IntStream.range(0, LAYERS.size() - 1).boxed().flatMap((i) -> LAYERS.get(i).stream().map((name) -> {
			String[] above = LAYERS.subList(i + 1, LAYERS.size())
				.stream()
				.flatMap(Set::stream)
				.map((layer) -> BASE + layer + "..")
				.toArray(String[]::new);
			return DynamicTest.dynamicTest(name,
					() -> check(noClasses().that()
						.resideInAPackage(BASE + name + "..")
						.should()
						.dependOnClassesThat()
						.resideInAnyPackage(above)));
		})).toList();
	}

	@Test
	void everyPackageHasItsPlaceInTheOrder() {
		assertThat(CLASSES).isNotEmpty()
			.allSatisfy((type) -> assertThat(LAYERS).as(type.getName())
				.anyMatch((layer) -> layer.stream()
					.anyMatch((name) -> (type.getPackageName() + ".").startsWith(BASE + name + "."))));
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("io.namedpipe.(*)..").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void contractOfTheTransportsNeedsTheJdkAlone() {
		check(classes().that()
			.resideInAPackage("io.namedpipe.transport")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify.annotations..", "io.namedpipe.platform",
					"io.namedpipe.transport"));
	}

	@Test
	void transportsKnowTheContractAndNotEachOther() {
		for (String transport : List.of("unix", "windows", "memory", "smb")) {
			String[] others = List.of("unix", "windows", "memory", "smb")
				.stream()
				.filter((name) -> !name.equals(transport))
				.map((name) -> BASE + "transport." + name + "..")
				.toArray(String[]::new);
			check(noClasses().that()
				.resideInAPackage(BASE + "transport." + transport + "..")
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(others));
		}
	}

	@Test
	void anonymousPipesAndSocketsStandOnTheTransports() {
		check(noClasses().that()
			.resideInAnyPackage(BASE + "transport.unix..", BASE + "transport.windows..", BASE + "transport.memory..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(BASE + "transport.anonymous..", BASE + "transport.socket.."));
	}

	@Test
	void jnaIsForTheBindingsOfTheSystemsOnly() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.posix..", "io.namedpipe.transport.windows..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.sun.jna.."));
	}

	// Other code could take a lock, write a log or load a class, and so start a thread
	// that inherits the client's identity.
	@Test
	void onlyTheKernelsCallsRunWithTheRightsOfAClient() {
		check(classes().that()
			.areAssignableTo("io.namedpipe.transport.unix.KernelCalls")
			.should()
			.onlyAccessClassesThat(JavaClass.Predicates.assignableTo("io.namedpipe.transport.unix.KernelCalls")
				.or(JavaClass.Predicates.belongToAnyOf(Object.class, Math.class, System.class))
				.or(HasName.Predicates.nameMatching("io.namedpipe.posix.(FileCalls|FileAttributes|DirectoryEntries)"))
				.as("make the kernel's calls")));
		check(classes().that()
			.haveFullyQualifiedName("io.namedpipe.posix.FileAttributes")
			.should()
			.onlyAccessClassesThat()
			.resideInAnyPackage("java.lang", "java.nio", "java.time", "io.namedpipe.posix"));
	}

	@Test
	void smbIsForItsTransportOnly() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.namedpipe.transport.smb..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.hierynomus.."));
	}

	@Test
	void bindingOfTheCLibraryIsForTheTransportsOnly() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.posix..", "io.namedpipe.transport.*..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.namedpipe.posix.."));
	}

	@Test
	void transportsAndProtocolsKnowNothingOfSpring() {
		check(noClasses().that()
			.resideInAnyPackage("io.namedpipe.transport..", "io.namedpipe.protocol..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "org.apache.commons.logging..", "org.slf4j.."));
	}

	@Test
	void protocolsKnowTheContractOfTheTransportsAndNoTransport() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.transport..", "io.namedpipe.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.namedpipe.transport.unix..", "io.namedpipe.transport.windows..",
					"io.namedpipe.transport.memory..", "io.namedpipe.transport.smb.."));
	}

	@Test
	void springBootIsForTheAutoConfigurationAndTheActuatorOnly() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.autoconfigure..", "io.namedpipe.actuate..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot.."));
	}

	@Test
	void springSecurityIsOptional() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.security.spring..", "io.namedpipe.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.security.."));
	}

	@Test
	void springWebIsOptional() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.namedpipe.client.web..", "io.namedpipe.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.http..", "org.springframework.web.."));
	}

	@Test
	void everyPackageIsNullMarked() throws ClassNotFoundException {
		for (String name : CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet())) {
			assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class)).as(name).isTrue();
		}
	}

	@Test
	void autoConfigurationsArePublicAndFinalAndTheirMembersAreNot() {
		check(classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL));
		check(members().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic()
			.andShould()
			.notBeProtected());
	}

	@Test
	void failureAnalyzersAreNobodysBusiness() {
		check(classes().that().areAssignableTo(FailureAnalyzer.class).should().bePackagePrivate());
	}

	@Test
	void implementationsOfTheTransportsArePackagePrivate() {
		check(classes().that()
			.resideInAnyPackage("io.namedpipe.transport.*..")
			.and()
			.areTopLevelClasses()
			.and()
			.haveSimpleNameNotEndingWith("PipeTransport")
			.and()
			.haveSimpleNameNotEndingWith("PipeListener")
			.and()
			.haveSimpleNameNotEndingWith("PipeConnector")
			.and(DescribedPredicate.not(API_ON_THE_TRANSPORTS))
			.and(new DescribedPredicate<JavaClass>("are no package-info") {

				@Override
				public boolean test(JavaClass type) {
					return !type.getSimpleName().equals("package-info");
				}

			})
			.should()
			.bePackagePrivate());
	}

	@Test
	void implementationsOfProtocolsAreReachedThroughTheProtocol() {
		check(classes().that()
			.resideInAPackage("io.namedpipe.protocol.*..")
			.and()
			.arePublic()
			.should()
			.haveSimpleNameEndingWith("Protocol"));
	}

	@Test
	void implementationsOfTheContainerArePackagePrivate() {
		check(classes().that()
			.haveSimpleName("DefaultPipeListenerContainer")
			.or()
			.haveSimpleName("PipeServer")
			.or()
			.haveSimpleName("PipeConnection")
			.or()
			.haveSimpleName("ExchangeDispatcher")
			.should()
			.bePackagePrivate());
	}

	@Test
	void noMethodIsSynchronized() {
		check(methods().should()
			.notHaveModifier(JavaModifier.SYNCHRONIZED)
			.because("a virtual thread that blocks in it pins its carrier"));
	}

	@Test
	void requireNonNullIsSpringsAssert() {
		check(noClasses().that()
			.resideInAnyPackage("io.namedpipe.listener..", "io.namedpipe.client..", "io.namedpipe.autoconfigure..")
			.should()
			.callMethod(Objects.class, "requireNonNull", Object.class, String.class));
	}

	@Test
	void nothingWritesToTheConsole() {
		// What takes standard output for a pipe has to say where else to print.
		check(noClasses().that().doNotHaveSimpleName("StandardStreams").should(accessSystemStreams()));
	}

	private static ArchCondition<JavaClass> accessSystemStreams() {
		return new ArchCondition<>("use System.out or System.err") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getFieldAccessesFromSelf()
					.stream()
					.filter((access) -> access.getTargetOwner().isEquivalentTo(System.class))
					.forEach((access) -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
			}

		};
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

}
