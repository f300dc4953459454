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
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The API of the library. There is no module descriptor, since some optional dependencies
 * have no stable module name.
 */
class PublicApiTests {

	/** Types that are public only because another package of the library needs them. */
	private static final String INTERNAL = "io\\.namedpipe\\.((platform|posix)\\..*|deadline\\.(Deadlines|RepeatedLine)"
			+ "|transport\\.ConnectBudget)";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption((location) -> !location.contains("test-classes") && !location.contains("-tests.jar"))
		.importPackages("io.namedpipe");

	@Test
	void typesAndSignaturesHaveNoInternalTypes() {
		List<JavaClass> api = CLASSES.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && !isInternal(type))
			.toList();
		assertThat(api).hasSizeGreaterThan(100);
		assertThat(api.stream().flatMap(PublicApiTests::declarations).filter(PublicApiTests::isLeak))
			.extracting(Declaration::name)
			.isEmpty();
	}

	private static Stream<Declaration> declarations(JavaClass type) {
		Stream<JavaType> parents = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
		return Stream.concat(Stream.of(new Declaration(type.getName(), parents)),
				type.getMembers().stream().filter(PublicApiTests::isVisible).map(Declaration::of));
	}

	private static boolean isVisible(JavaMember member) {
		return member.getModifiers().contains(JavaModifier.PUBLIC)
				|| member.getModifiers().contains(JavaModifier.PROTECTED);
	}

	private static boolean isLeak(Declaration declaration) {
		return declaration.types()
			.flatMap((type) -> type.getAllInvolvedRawTypes().stream())
			.anyMatch(PublicApiTests::isInternal);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getName().matches(INTERNAL);
	}

	/**
	 * A type or a member of the API, with the types in its declaration.
	 *
	 * @param name the full name
	 * @param types the types
	 */
	private record Declaration(String name, Stream<? extends JavaType> types) {

		static Declaration of(JavaMember member) {
			if (member instanceof JavaField field) {
				return new Declaration(field.getFullName(), Stream.of(field.getType()));
			}
			JavaCodeUnit unit = (JavaCodeUnit) member;
			Stream<JavaType> thrown = unit.getThrowsClause().getTypes().stream().map(JavaType.class::cast);
			return new Declaration(unit.getFullName(),
					Stream.of(unit.getParameterTypes().stream(), Stream.of(unit.getReturnType()), thrown)
						.flatMap((types) -> types));
		}

	}

}
