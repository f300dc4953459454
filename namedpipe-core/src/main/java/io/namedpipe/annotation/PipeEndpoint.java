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

package io.namedpipe.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Marks a bean whose {@link PipeMapping @PipeMapping} methods answer the requests of a
 * pipe. Several beans may serve one pipe. This is a {@code @Component} and not a
 * {@code @Controller}, since Spring MVC and the messaging modules detect controllers too.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface PipeEndpoint {

	/**
	 * Alias for {@link #pipe()}.
	 * @return the id of the pipe
	 */
	@AliasFor("pipe")
	String value() default "";

	/**
	 * The id of the pipe, whose settings are under {@code namedpipe.server.pipes.<id>}.
	 * Placeholders are resolved. If it is empty, the bean serves the only pipe that is
	 * configured; with several pipes it is an error at start-up.
	 * @return the id of the pipe
	 */
	@AliasFor("value")
	String pipe() default "";

	/**
	 * The name of the bean.
	 * @return the name; if empty, Spring's default name for the class
	 */
	@AliasFor(annotation = Component.class, attribute = "value")
	String beanName() default "";

}
