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

import java.util.List;

/**
 * Listens on one pipe and serves its clients. Not meant to be implemented by users. All
 * methods may be called by any thread.
 *
 * @since 0.1.0
 */
public interface PipeListenerContainer {

	/**
	 * The id of the pipe.
	 * @return the id
	 */
	String id();

	/**
	 * The settings.
	 * @return the settings
	 */
	PipeContainerSettings settings();

	/**
	 * What the container is doing.
	 * @return the state
	 */
	ContainerState state();

	/**
	 * Whether it listens or still finishes requests.
	 * @return {@code true} from the start until the stop is complete
	 */
	boolean isRunning();

	/**
	 * Whether a client could come in now. Asks the operating system, so that a pipe which
	 * was removed by somebody else is noticed.
	 * @return {@code false} if the container is not running, is paused, or clients do not
	 * find the pipe
	 */
	boolean isReachable();

	/**
	 * Where the pipe can be reached, as the operating system names it.
	 * @return the places, none while the container is not running
	 */
	List<String> locations();

	/**
	 * The number of connections that are being served.
	 * @return the number
	 */
	int activeConnections();

	/**
	 * Claim the name and listen. Nothing happens if it does already.
	 * @throws PipeListenerStartupException if it cannot listen
	 */
	void start();

	/**
	 * Stop listening, let requests in flight finish within the grace period, then end
	 * what is left. Returns at once.
	 * @param callback run exactly once, when the container has stopped
	 */
	void stop(Runnable callback);

	/**
	 * Let new clients wait. Connections that are being served go on.
	 */
	void pause();

	/**
	 * Serve new clients again.
	 */
	void resume();

}
