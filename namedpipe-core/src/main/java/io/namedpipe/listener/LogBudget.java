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

package io.namedpipe.listener;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.namedpipe.transport.LogText;

/**
 * Limits the log lines that one user can cause in a minute. Lines over the limit are
 * counted and left out, and the next line says how many. All lines about clients go
 * through one budget, those of the containers and those of handlers that use it.
 * Thread-safe.
 * <p>
 * All users together get eight times as much, so that a person with many users gains
 * little.
 *
 * @since 0.1.0
 */
public final class LogBudget {

	/** The default number of bytes for each user and minute: 48 KiB. */
	public static final int DEFAULT_BYTES = 48 * 1024;

	private static final int USERS_IN_TOTAL = 8;

	private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** Further users share one account until others are forgotten. */
	private static final int MAX_ACCOUNTS = 1000;

	/** What a layout may add to a line: time, level, thread, logger. */
	private static final int LAYOUT_BYTES = 128;

	private static final String OTHERS = "";

	private final int bytes;

	private final LongSupplier clock;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Account> accounts = new HashMap<>();

	private final Account all;

	/**
	 * Create a budget.
	 * @param bytes the bytes of log for each user and minute
	 */
	public LogBudget(int bytes) {
		this(bytes, System::nanoTime);
	}

	LogBudget(int bytes, LongSupplier clock) {
		Assert.isTrue(bytes > 0, "'bytes' must be positive");
		this.bytes = bytes;
		this.clock = clock;
		this.all = new Account(bytes * (long) USERS_IN_TOTAL, clock.getAsLong());
	}

	/**
	 * Write a line, or count it.
	 * @param user the id of the user that caused it, as
	 * {@link io.namedpipe.transport.PeerIdentity#id()}
	 * @param line makes the line, if there is room for it; text from clients must have
	 * been escaped with {@link LogText#of(String)}
	 * @param logger takes the line
	 */
	public void write(String user, Supplier<String> line, Consumer<? super String> logger) {
		write(user, line, null, (text, thrown) -> logger.accept(text));
	}

	/**
	 * Write a line with a stack trace, without the stack trace if there is no room for
	 * it, or count it.
	 * @param user the id of the user that caused it
	 * @param line makes the line, if there is room for it
	 * @param thrown what was thrown, with text from clients or not; or {@code null}
	 * @param logger takes the line, and the exception with escaped messages
	 */
	public void write(String user, Supplier<String> line, @Nullable Throwable thrown,
			BiConsumer<? super String, @Nullable Throwable> logger) {
		Permit permit = begin(user);
		if (permit == null) {
			return;
		}
		StringBuilder text = new StringBuilder(line.get());
		int size = LAYOUT_BYTES + text.toString().getBytes(StandardCharsets.UTF_8).length;
		Throwable written = (thrown != null) ? LogText.of(thrown) : null;
		int trace = (written != null) ? size(written) : 0;
		if (thrown != null && trace > permit.rest() - size) {
			text.append(": ").append(LogText.of(thrown.toString())).append(" (stack trace left out)");
			written = null;
			trace = LogText.MAX_LENGTH;
		}
		if (permit.leftOut() > 0) {
			text.append(" (before it, %d lines about this user were left out)".formatted(permit.leftOut()));
		}
		text.append(spend(permit.account(), size + trace));
		logger.accept(text.toString(), written);
	}

	private static int size(Throwable thrown) {
		StringWriter trace = new StringWriter();
		thrown.printStackTrace(new PrintWriter(trace));
		return trace.toString().getBytes(StandardCharsets.UTF_8).length;
	}

	private @Nullable Permit begin(String user) {
		this.lock.lock();
		try {
			long now = this.clock.getAsLong();
			Account account = account(user, now);
			account.renew(now);
			this.all.renew(now);
			if (account.rest <= 0 || this.all.rest <= 0) {
				account.leftOut++;
				return null;
			}
			Permit permit = new Permit(account, account.rest, account.leftOut);
			account.leftOut = 0;
			return permit;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Account account(String user, long now) {
		Account account = this.accounts.get(user);
		if (account != null) {
			return account;
		}
		if (this.accounts.size() >= MAX_ACCOUNTS) {
			this.accounts.values().removeIf((each) -> each.isOver(now));
		}
		String key = (this.accounts.size() < MAX_ACCOUNTS) ? user : OTHERS;
		return this.accounts.computeIfAbsent(key, (id) -> new Account(this.bytes, now));
	}

	private String spend(Account account, int size) {
		this.lock.lock();
		try {
			boolean lastOfAll = this.all.spend(size);
			boolean last = account.spend(size);
			return (last || lastOfAll) ? " (the next lines about %s are left out, for up to a minute)"
				.formatted(last ? "this user" : "all users") : "";
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A line that may be written.
	 *
	 * @param account the account of its user
	 * @param rest the bytes that are left for it
	 * @param leftOut the number of lines that were left out before it
	 */
	private record Permit(Account account, long rest, long leftOut) {
	}

	/**
	 * What may still be written in the current minute. Guarded by the lock.
	 */
	private static final class Account {

		private final long limit;

		private long since;

		private long rest;

		private long leftOut;

		Account(long limit, long now) {
			this.limit = limit;
			this.since = now;
			this.rest = limit;
		}

		void renew(long now) {
			if (isOver(now)) {
				this.since = now;
				this.rest = this.limit;
			}
		}

		boolean isOver(long now) {
			return now - this.since >= PERIOD_NANOS;
		}

		/**
		 * Use bytes.
		 * @param size the number
		 * @return whether they were the last ones
		 */
		boolean spend(long size) {
			boolean open = this.rest > 0;
			this.rest -= size;
			return open && this.rest <= 0;
		}

	}

}
