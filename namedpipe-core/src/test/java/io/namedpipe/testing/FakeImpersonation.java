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

package io.namedpipe.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * An impersonation that records what is done with it, and fails where it is told to.
 */
public class FakeImpersonation implements Impersonation {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private volatile boolean impossible;

	private volatile boolean enterFails;

	private volatile boolean leaveFails;

	private volatile boolean threadTaintedOnEnter;

	private volatile boolean sameUser;

	private volatile boolean dedicated;

	private volatile boolean dedicateFails;

	/**
	 * The server cannot act as this client, and knows it beforehand.
	 */
	public FakeImpersonation makeImpossible() {
		this.impossible = true;
		return failOnEnter();
	}

	public FakeImpersonation failOnEnter() {
		this.enterFails = true;
		return this;
	}

	public FakeImpersonation loseThreadOnEnter() {
		this.threadTaintedOnEnter = true;
		return this;
	}

	public FakeImpersonation failOnLeave() {
		this.leaveFails = true;
		return this;
	}

	public FakeImpersonation sameUser() {
		this.sameUser = true;
		return this;
	}

	public FakeImpersonation needDedicatedThread() {
		this.dedicated = true;
		return this;
	}

	public FakeImpersonation failOnDedicate() {
		this.dedicateFails = true;
		return this;
	}

	public List<String> events() {
		return this.events;
	}

	public void record(String event) {
		this.events.add(event);
	}

	@Override
	public boolean isSwitchNeeded() {
		return !this.sameUser;
	}

	@Override
	public boolean isDedicatedThreadNeeded() {
		return this.dedicated;
	}

	@Override
	public void dedicateThread() {
		if (this.dedicateFails) {
			throw new PipeImpersonationException("made to fail");
		}
		if (this.dedicated) {
			this.events.add("dedicate");
		}
	}

	@Override
	public void requirePossible() {
		if (this.impossible) {
			throw new PipeImpersonationException("made to be impossible");
		}
	}

	@Override
	public Scope enter() {
		if (this.threadTaintedOnEnter) {
			throw new PipeImpersonationException("made to lose the thread", null, true);
		}
		if (this.enterFails) {
			throw new PipeImpersonationException("made to fail");
		}
		this.events.add("enter");
		Thread entered = Thread.currentThread();
		return () -> {
			this.events.add((Thread.currentThread() == entered) ? "leave" : "leave on another thread");
			if (this.leaveFails) {
				throw new PipeImpersonationException("made to fail", null, true);
			}
		};
	}

}
