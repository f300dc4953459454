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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that one server has accepted and not yet closed. They decide for how
 * long a thread that waits may look whether it still has to, before it goes to sleep:
 * waking a thread takes longer than serving a short request, and a thread that looks
 * keeps a processor busy that others may want. So where there is another processor, one
 * thread at a time looks: for a while if its client is the only one, shortly if there are
 * a few, and not at all if there are many, which leave no processor idle.
 * <p>
 * A client is the only one when most connections before it were alone too: among several
 * clients, each is alone now and then, and the only one is back now and then before its
 * last connection is closed here.
 */
final class Siblings {

	/** So many more connections that were alone than not are those of one client. */
	static final int ALONE = 8;

	private static final int MOST_ALONE = 4 * ALONE;

	/** How long a thread looks for the only client. */
	static final long LONG_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

	/** How long a thread looks for one of a few clients. */
	static final long SHORT_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

	private final boolean mayLook;

	private final int few;

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicInteger alone = new AtomicInteger();

	private final AtomicBoolean looking = new AtomicBoolean();

	Siblings() {
		this(Runtime.getRuntime().availableProcessors());
	}

	Siblings(int processors) {
		this.mayLook = processors > 1;
		this.few = 2 * processors;
	}

	void add() {
		if (this.count.incrementAndGet() > 1) {
			crowd();
		}
		else if (this.alone.get() < MOST_ALONE) {
			this.alone.incrementAndGet();
		}
	}

	void remove() {
		this.count.decrementAndGet();
	}

	// There may be several clients, whether or not more than one is connected now. One
	// such sign is not enough to be sure of that.
	void crowd() {
		this.alone.updateAndGet((known) -> known / 2);
	}

	// Nothing is known about how many clients there are.
	void forget() {
		this.alone.set(0);
	}

	boolean hasOneClient() {
		return this.mayLook && this.alone.get() >= ALONE;
	}

	// For how long the calling thread may look for what its client says: zero if it must
	// not. Otherwise it has to end its look.
	long beginLook() {
		int connections = this.count.get();
		if (!this.mayLook || connections > this.few || !this.looking.compareAndSet(false, true)) {
			return 0;
		}
		return (connections == 1 && hasOneClient()) ? LONG_LOOK_NANOS : SHORT_LOOK_NANOS;
	}

	void endLook() {
		this.looking.set(false);
	}

}
