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
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method that answers requests on the pipe of its
 * {@link PipeEndpoint @PipeEndpoint}.
 * <p>
 * Parameters are those of spring-messaging ({@code @Payload}, {@code @Header},
 * {@code Message}), the caller's {@code PeerIdentity}, and the {@code PipeChannel} on a
 * raw pipe. A method returns a {@code String}, {@code byte[]}, {@code Resource},
 * {@code Path}, {@code InputStream}, a {@code PipeFailure}, a {@code CompletionStage} of
 * these, or nothing. Everything else needs a {@code MessageConverter} bean.
 *
 * @since 0.1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface PipeMapping {

	/**
	 * The routes of the requests that the method answers. If the protocol of the pipe has
	 * no routes, the pipe has exactly one method, and this value is ignored.
	 * <p>
	 * If routes are paths, as in HTTP, a segment can be a variable, which a
	 * {@code @DestinationVariable} parameter takes: {@code files/{name}}. A variable is
	 * not empty; a slash in it is sent as {@code %2F}. The last segment can be a variable
	 * of any number of segments: {@code files/{*path}}. The route that is closest to the
	 * path is taken: text comes before a variable, and that before one of many segments.
	 * A leading slash makes no difference. Placeholders are resolved.
	 * @return the routes
	 */
	@AliasFor(annotation = MessageMapping.class, attribute = "value")
	String[] value() default {};

	/**
	 * The methods of HTTP that the route takes, such as {@code PUT}; all if empty.
	 * {@code HEAD} is answered as {@code GET} without the body, and {@code OPTIONS} with
	 * the methods of the route, unless they are named here. Placeholders are resolved.
	 * @return the methods, in upper case
	 */
	String[] method() default {};

}
