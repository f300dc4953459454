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

import io.namedpipe.protocol.PipeFailure.Code;

/**
 * The code with which a request fails when a handler throws an exception of the annotated
 * class, or one that it is the cause of. Where the protocol can carry it, the client gets
 * the message of the exception too, so the message must not contain anything that clients
 * may not see.
 * <p>
 * A {@code @MessageExceptionHandler} method that takes the exception has precedence. See
 * {@link io.namedpipe.protocol.PipeRequestException} for an exception that has a code
 * without being annotated.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PipeFailureCode {

	/**
	 * The kind of failure.
	 * @return the code
	 */
	Code value();

}
