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

package io.namedpipe.test.contract;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PipeChannel;

/**
 * The client's end of a connection, which records the bytes of both directions.
 */
final class RecordingChannel extends DelegatingPipeChannel {

	private final List<Step> steps = new CopyOnWriteArrayList<>();

	RecordingChannel(PipeChannel delegate) {
		super(delegate);
	}

	List<Step> steps() {
		return this.steps;
	}

	@Override
	public int read(ByteBuffer destination) {
		int start = destination.position();
		int count = super.read(destination);
		if (count > 0) {
			this.steps.add(new Step(true, copy(destination.duplicate().position(start).limit(start + count))));
		}
		return count;
	}

	@Override
	public void write(ByteBuffer source) {
		// Before the bytes are written: another thread may read the answer to them.
		this.steps.add(new Step(false, copy(source.duplicate())));
		super.write(source);
	}

	private static byte[] copy(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

	/**
	 * Some bytes that have passed.
	 *
	 * @param fromServer whether the server has sent them
	 * @param bytes the bytes
	 */
	record Step(boolean fromServer, byte[] bytes) {
	}

}
