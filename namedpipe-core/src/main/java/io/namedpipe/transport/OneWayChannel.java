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

package io.namedpipe.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * One end of a one-way pipe over a channel that could do both.
 */
final class OneWayChannel extends DelegatingPipeChannel {

	private final boolean readable;

	OneWayChannel(PipeChannel channel, boolean readable) {
		super(channel);
		this.readable = readable;
	}

	private void requireReadable() {
		if (!this.readable) {
			throw PipeUnsupportedException.oneWay("read from");
		}
	}

	private void requireWritable() {
		if (this.readable) {
			throw PipeUnsupportedException.oneWay("written to");
		}
	}

	@Override
	public int read(ByteBuffer destination) {
		requireReadable();
		return super.read(destination);
	}

	@Override
	public void write(ByteBuffer source) {
		requireWritable();
		super.write(source);
	}

	@Override
	public long write(OpenedFile file, long count) throws IOException {
		requireWritable();
		return super.write(file, count);
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		requireReadable();
		return super.readMessage();
	}

	@Override
	public void shutdownOutput() {
		requireWritable();
		super.shutdownOutput();
	}

	@Override
	public boolean isPeerGone() {
		// At an end that is not read, only a write can tell.
		return this.readable && super.isPeerGone();
	}

}
