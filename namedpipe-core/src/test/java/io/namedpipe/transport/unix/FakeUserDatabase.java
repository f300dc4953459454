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
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A user database with a few users, which fails when it is told to.
 */
final class FakeUserDatabase implements UserDatabase {

	private final Map<Integer, String> names = new HashMap<>();

	private final Map<Integer, int[]> groups = new HashMap<>();

	volatile boolean failing;

	volatile int lookUps;

	FakeUserDatabase with(int uid, @Nullable String name, int... groups) {
		this.names.put(uid, name);
		this.groups.put(uid, groups);
		return this;
	}

	@Override
	public @Nullable String name(int uid) throws IOException {
		lookUp();
		return this.names.get(uid);
	}

	@Override
	public int[] groups(int uid) throws IOException {
		lookUp();
		return this.groups.getOrDefault(uid, new int[0]);
	}

	private void lookUp() throws IOException {
		this.lookUps++;
		if (this.failing) {
			throw new IOException("down");
		}
	}

}
