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

package io.namedpipe.transport.unix;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * The names and groups of users. An error is reported as one, and never as the absence of
 * a user or a group.
 */
interface UserDatabase {

	/**
	 * The name of a user.
	 * @param uid the user
	 * @return the name, or {@code null} if the user has no entry
	 * @throws IOException if the user cannot be looked up
	 */
	@Nullable String name(int uid) throws IOException;

	/**
	 * The groups that a log-in would give a user, the primary one included.
	 * @param uid the user
	 * @return the groups, empty if the user has no entry
	 * @throws IOException if the groups cannot be looked up
	 */
	int[] groups(int uid) throws IOException;

}
