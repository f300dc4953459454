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
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a child process that the client starts and talks to.
 *
 * @param command Program and arguments of a child process that the default pipe leads to.
 * The child starts with the first request. By default none.
 * @param directory Working directory of the child. By default that of this process.
 * @param handles Whether the child gets two handles, "{in}" and "{out}" in its arguments,
 * instead of talking on its standard streams.
 * @param maxRestarts Number of failures in a row after which the next request starts
 * another child. 0 for none.
 * @param restartDelay Minimum time from the start of a child that has failed to the start
 * of the next one.
 * @param closeTimeout Time for the child to end by itself, once its stream has ended,
 * before it is asked to, and again before it is killed.
 * @since 0.1.0
 */
public record ClientChildProperties(@DefaultValue List<String> command, @Nullable Path directory, boolean handles,
		@DefaultValue("10") int maxRestarts, @DefaultValue("1s") Duration restartDelay,
		@DefaultValue("5s") Duration closeTimeout) {

}
