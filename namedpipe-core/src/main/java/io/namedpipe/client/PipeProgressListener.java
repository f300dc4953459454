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

package io.namedpipe.client;

/**
 * Listens to the progress of a transfer.
 *
 * @since 0.1.0
 * @see PipeRequestSpec#progress
 */
@FunctionalInterface
public interface PipeProgressListener {

	/**
	 * Bytes have passed. Called at the beginning and at the end of a transfer, and
	 * between them about ten times a second, by the thread that transfers. An exception
	 * ends the transfer.
	 * @param bytes the bytes so far, those of the attempt before included if it was
	 * resumed
	 * @param total the bytes in all, -1 if they are not known
	 * @param bytesPerSecond the average rate of this attempt so far
	 */
	void transferred(long bytes, long total, double bytesPerSecond);

}
