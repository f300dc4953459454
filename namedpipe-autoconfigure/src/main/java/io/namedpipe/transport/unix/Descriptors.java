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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of the file descriptors behind channels, where the JDK tells them: started
 * with {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}.
 */
final class Descriptors {

	private static final @Nullable MethodHandle NUMBER = find();

	private Descriptors() {
	}

	private static @Nullable MethodHandle find() {
		try {
			return MethodHandles.lookup()
				.findVirtual(Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	static boolean areTold() {
		return NUMBER != null;
	}

	static int of(Channel channel) {
		if (NUMBER == null) {
			throw new IllegalStateException("The JDK keeps descriptors to itself");
		}
		try {
			return (int) NUMBER.invoke(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
