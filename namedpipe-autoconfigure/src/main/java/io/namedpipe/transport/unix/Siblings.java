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

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that one server has accepted and not yet closed. The thread of the only
 * one may keep a processor busy for a moment while it waits, if there is another
 * processor; threads of many must not. One alone is the only one when some before it were
 * alone too: among several clients, each is alone now and then.
 */
final class Siblings {

	/** So many connections in a row, each of them alone, are those of one client. */
	static final int ALONE = 8;

	private static final boolean MAY_LOOK = Runtime.getRuntime().availableProcessors() > 1;

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicInteger alone = new AtomicInteger();

	void add() {
		if (this.count.incrementAndGet() > 1) {
			crowd();
		}
		else {
			this.alone.incrementAndGet();
		}
	}

	void remove() {
		this.count.decrementAndGet();
	}

	void crowd() {
		this.alone.set(0);
	}

	boolean mayLookWithout() {
		return this.count.get() == 0 && hasOneClient();
	}

	boolean mayLook() {
		return this.count.get() <= 1 && hasOneClient();
	}

	private boolean hasOneClient() {
		return MAY_LOOK && this.alone.get() >= ALONE;
	}

}
