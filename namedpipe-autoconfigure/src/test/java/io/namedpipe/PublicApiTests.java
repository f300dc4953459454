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
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications see of the library. A module descriptor would say the same, if all
 * optional dependencies had module names that last.
 */
class PublicApiTests {

	/** What is public only because another package of the library needs it. */
	private static final String INTERNAL = "io\\.namedpipe\\.((platform|posix)\\..*|deadline\\.(Deadlines|RepeatedLine)"
			+ "|transport\\.ConnectBudget)";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption((location) -> !location.contains("test-classes") && !location.contains("-tests.jar"))
		.importPackages("io.namedpipe");

	@Test
	void signaturesHaveNoInternalTypes() {
		List<String> signatures = CLASSES.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && !isInternal(type))
			.flatMap((type) -> type.getCodeUnits().stream())
			.filter((unit) -> unit.getModifiers().contains(JavaModifier.PUBLIC)
					|| unit.getModifiers().contains(JavaModifier.PROTECTED))
			.filter((unit) -> typesOf(unit).anyMatch(PublicApiTests::isInternal))
			.map(JavaCodeUnit::getFullName)
			.sorted()
			.toList();
		assertThat(signatures).isEmpty();
	}

	private static Stream<JavaClass> typesOf(JavaCodeUnit unit) {
		return Stream
			.of(unit.getRawParameterTypes().stream(), unit.getThrowsClause().getTypes().stream(),
					Stream.of(unit.getRawReturnType()))
			.flatMap((types) -> types);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getName().matches(INTERNAL);
	}

}
