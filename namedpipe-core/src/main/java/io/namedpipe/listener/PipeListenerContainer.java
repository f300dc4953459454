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
 * Listens on one pipe and serves its clients. Created by a
 * {@link PipeListenerContainerFactory}; not meant to be implemented by users.
 * Thread-safe.
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
	 * The state of the container.
	 * @return the state
	 */
	ContainerState state();

	/**
	 * Whether the container listens or still finishes requests.
	 * @return {@code true} from the start until the stop is complete
	 */
	boolean isRunning();

	/**
	 * Whether clients can connect now. This asks the operating system, and so notices a
	 * pipe whose name another process has removed.
	 * @return {@code false} if the container is not running, is paused, clients do not
	 * find the pipe, or nobody has been accepted for a second because that fails
	 */
	boolean isReachable();

	/**
	 * The locations of the pipe in the operating system, such as the path of a socket.
	 * @return one location for each transport; none while the container is not running
	 */
	List<String> locations();

	/**
	 * The number of connections that are being served now.
	 * @return the number
	 */
	int activeConnections();

	/**
	 * Claim the name and listen. Does nothing if the container is running.
	 * @throws PipeListenerStartupException if the container cannot listen
	 * @throws IllegalStateException if the container is stopping
	 */
	void start();

	/**
	 * Stop listening, close connections without a request, and let requests in flight
	 * finish within the grace period. Then close the remaining connections and interrupt
	 * their handlers. Returns at once.
	 * @param callback runs exactly once, when the container has stopped; at once if it is
	 * not running
	 */
	void stop(Runnable callback);

	/**
	 * Do not serve new clients until {@link #resume()}; they wait. Existing connections
	 * go on. Does nothing unless the container is in the state
	 * {@link ContainerState#RUNNING}.
	 */
	void pause();

	/**
	 * Serve new clients again. Does nothing unless the container is paused.
	 */
	void resume();

}
