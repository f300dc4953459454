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

package io.namedpipe.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Settings of a child process that the client starts and talks to.
 *
 * @since 0.1.0
 */
public class ClientChildProperties {

	/**
	 * Program and arguments of a child process that the default pipe leads to. The child
	 * starts with the first request. By default none.
	 */
	private List<String> command = new ArrayList<>();

	/**
	 * Working directory of the child. By default that of this process.
	 */
	private @Nullable Path directory;

	/**
	 * Whether the child gets two handles, "{in}" and "{out}" in its arguments, instead of
	 * talking on its standard streams.
	 */
	private boolean handles;

	/**
	 * Number of failures in a row after which the next request starts another child. 0
	 * for none.
	 */
	private int maxRestarts = 10;

	/**
	 * Minimum time from the start of a child that has failed to the start of the next
	 * one.
	 */
	private Duration restartDelay = Duration.ofSeconds(1);

	/**
	 * Time for the child to end by itself, once its stream has ended, before it is asked
	 * to, and again before it is killed.
	 */
	private Duration closeTimeout = Duration.ofSeconds(5);

	public List<String> getCommand() {
		return this.command;
	}

	public void setCommand(List<String> command) {
		this.command = command;
	}

	public @Nullable Path getDirectory() {
		return this.directory;
	}

	public void setDirectory(@Nullable Path directory) {
		this.directory = directory;
	}

	public boolean isHandles() {
		return this.handles;
	}

	public void setHandles(boolean handles) {
		this.handles = handles;
	}

	public int getMaxRestarts() {
		return this.maxRestarts;
	}

	public void setMaxRestarts(int maxRestarts) {
		this.maxRestarts = maxRestarts;
	}

	public Duration getRestartDelay() {
		return this.restartDelay;
	}

	public void setRestartDelay(Duration restartDelay) {
		this.restartDelay = restartDelay;
	}

	public Duration getCloseTimeout() {
		return this.closeTimeout;
	}

	public void setCloseTimeout(Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
	}

}
