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

package io.namedpipe.security;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds the handling of every request, on each thread that handles a part of it. What
 * it sets up for the thread it must put back. Beans of this type are applied in their
 * order.
 */
@FunctionalInterface
public interface PipeRequestInterceptor {

	/**
	 * Go on with the request.
	 * @param principal the caller
	 * @param next the rest of the handling
	 * @param <T> the type of the result
	 * @return the result
	 * @throws Exception what the rest throws
	 */
	<T extends @Nullable Object> T intercept(PipePrincipal principal, Callable<T> next) throws Exception;

}
