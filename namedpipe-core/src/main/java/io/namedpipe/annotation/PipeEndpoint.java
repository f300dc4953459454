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
 * A bean that serves a pipe with its {@link PipeMapping @PipeMapping} methods. Several
 * beans may serve one pipe. Deliberately not a {@code @Controller}: those are picked up
 * by other transports.
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
	 * Placeholders are resolved. Empty for the only pipe that is configured.
	 * @return the id of the pipe
	 */
	@AliasFor("value")
	String pipe() default "";

	/**
	 * The name of the bean.
	 * @return the name, empty for a default one
	 */
	@AliasFor(annotation = Component.class, attribute = "value")
	String beanName() default "";

}
