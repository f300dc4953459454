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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Disables a test of a feature that Windows has and Wine does not.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DisabledUnderWine.Condition.class)
@interface DisabledUnderWine {

	/**
	 * The behaviour of Wine.
	 * @return the reason
	 */
	String value();

	/**
	 * Asks {@link Wine}.
	 */
	class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (!Wine.isPresent()) {
				return ConditionEvaluationResult.enabled("This is not Wine");
			}
			return AnnotationSupport.findAnnotation(context.getElement(), DisabledUnderWine.class)
				.map((annotation) -> ConditionEvaluationResult.disabled("Under Wine: " + annotation.value()))
				.orElseGet(() -> ConditionEvaluationResult.enabled("Not annotated"));
		}

	}

}
