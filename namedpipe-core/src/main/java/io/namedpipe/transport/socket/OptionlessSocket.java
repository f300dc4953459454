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

package io.namedpipe.transport.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A socket without an implementation of the JDK, which accepts every option of TCP and
 * ignores it: libraries set options and do not expect an exception. Options by a
 * {@link SocketOption} are refused, since libraries ask for those that are supported.
 */
abstract class OptionlessSocket extends Socket {

	static final int BUFFER_SIZE = 64 * 1024;

	private static final int MAX_TRAFFIC_CLASS = 255;

	OptionlessSocket() throws SocketException {
		super((SocketImpl) null);
	}

	final void requireOpen() throws SocketException {
		if (isClosed()) {
			throw new SocketException("Socket is closed");
		}
	}

	private void requireValid(boolean valid, int value) throws SocketException {
		requireOpen();
		if (!valid) {
			throw new IllegalArgumentException("The option cannot have the value " + value);
		}
	}

	@Override
	public void bind(@Nullable SocketAddress bindpoint) throws IOException {
		requireOpen();
	}

	@Override
	public @Nullable SocketChannel getChannel() {
		return null;
	}

	@Override
	public void setTcpNoDelay(boolean on) throws SocketException {
		requireOpen();
	}

	@Override
	public boolean getTcpNoDelay() throws SocketException {
		requireOpen();
		return true;
	}

	@Override
	public void setSoLinger(boolean on, int linger) throws SocketException {
		requireValid(!on || linger >= 0, linger);
	}

	@Override
	public int getSoLinger() throws SocketException {
		requireOpen();
		return -1;
	}

	@Override
	public void sendUrgentData(int data) throws IOException {
		throw new SocketException("A pipe has no urgent data");
	}

	@Override
	public void setOOBInline(boolean on) throws SocketException {
		requireOpen();
	}

	@Override
	public boolean getOOBInline() throws SocketException {
		requireOpen();
		return false;
	}

	@Override
	public void setSendBufferSize(int size) throws SocketException {
		requireValid(size > 0, size);
	}

	@Override
	public int getSendBufferSize() throws SocketException {
		requireOpen();
		return BUFFER_SIZE;
	}

	@Override
	public void setReceiveBufferSize(int size) throws SocketException {
		requireValid(size > 0, size);
	}

	@Override
	public int getReceiveBufferSize() throws SocketException {
		requireOpen();
		return BUFFER_SIZE;
	}

	@Override
	public void setKeepAlive(boolean on) throws SocketException {
		requireOpen();
	}

	@Override
	public boolean getKeepAlive() throws SocketException {
		requireOpen();
		return false;
	}

	@Override
	public void setTrafficClass(int trafficClass) throws SocketException {
		requireValid(trafficClass >= 0 && trafficClass <= MAX_TRAFFIC_CLASS, trafficClass);
	}

	@Override
	public int getTrafficClass() throws SocketException {
		requireOpen();
		return 0;
	}

	@Override
	public void setReuseAddress(boolean on) throws SocketException {
		requireOpen();
	}

	@Override
	public boolean getReuseAddress() throws SocketException {
		requireOpen();
		return false;
	}

	@Override
	public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
	}

	// The JDK would make a socket of TCP for these.

	@Override
	public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
		requireOpen();
		throw unsupported(name);
	}

	@Override
	public <T> T getOption(SocketOption<T> name) throws IOException {
		requireOpen();
		throw unsupported(name);
	}

	static UnsupportedOperationException unsupported(SocketOption<?> name) {
		return new UnsupportedOperationException("A pipe has no option '%s'".formatted(name.name()));
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

}
