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

/**
 * Lets the {@link PipeMapping @PipeMapping} method, or every such method of the class,
 * run with the identity of the caller: the operating system checks the caller's
 * permissions, and not the server's (Win32 {@code ImpersonateNamedPipeClient}, .NET
 * {@code NamedPipeServerStream.RunAsClient}).
 * <p>
 * A {@code Resource} or {@code Path} that the method returns is opened with the identity
 * of the caller. It is sent after the thread has its own identity back. If the caller's
 * identity cannot be taken on, the method does not run and the request fails. Only the
 * thread of the method has the identity: work that it hands to other threads runs as the
 * server. Therefore the method must not return a {@code CompletionStage}.
 *
 * @since 0.1.0
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RunAsClient {

	/**
	 * How much of the request runs with the identity of the caller.
	 * @return the whole method unless set otherwise
	 */
	Extent value() default Extent.METHOD;

	/**
	 * How much of a request runs with the identity of the caller.
	 *
	 * @since 0.1.0
	 */
	enum Extent {

		/** The method, and opening what it returns. */
		METHOD,

		/**
		 * Only opening the file that the method returns: a {@code Path}, or a
		 * {@code Resource} that is a file. The method itself runs with the rights of the
		 * server, on any thread, and may return a {@code CompletionStage}. On Linux no
		 * code but the kernel's calls has the identity of the caller then.
		 */
		FILE

	}

}
