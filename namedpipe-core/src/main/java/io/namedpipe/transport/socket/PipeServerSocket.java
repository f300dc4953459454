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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A pipe that is listened on as a server socket, for servers that take a
 * {@code ServerSocketFactory}. It is bound from the beginning; the address of a later
 * bind is ignored. {@link #close()} ends a waiting {@link #accept()}, and so does an
 * interrupt, which leaves the server socket open; a time-out of {@code accept} is not
 * supported. The address is a stand-in: the loopback address, and port 1.
 *
 * @since 0.1.0
 */
public final class PipeServerSocket extends ServerSocket {

	private final PipeServerChannel channel;

	/**
	 * Make a server socket of a listening channel, which it owns from then on.
	 * @param channel the channel
	 * @throws IOException never, but {@link ServerSocket} declares it
	 */
	public PipeServerSocket(PipeServerChannel channel) throws IOException {
		this.channel = channel;
	}

	@Override
	public Socket accept() throws IOException {
		try {
			return new PipeSocket(this.channel.accept());
		}
		catch (PipeException ex) {
			throw isClosed() ? (IOException) new SocketException("Socket closed").initCause(ex) : PipeSocket.failed(ex);
		}
	}

	private void requireOpen() throws SocketException {
		if (isClosed()) {
			throw new SocketException("Socket is closed");
		}
	}

	@Override
	public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
		requireOpen();
	}

	@Override
	public void setSoTimeout(int timeout) throws SocketException {
		requireOpen();
		if (timeout < 0) {
			throw new IllegalArgumentException("The time-out must not be negative");
		}
		if (timeout > 0) {
			throw new SocketException("A pipe's accept has no time-out; close the server socket to end it");
		}
	}

	@Override
	public int getSoTimeout() throws SocketException {
		requireOpen();
		return 0;
	}

	@Override
	public boolean isBound() {
		return true;
	}

	@Override
	public boolean isClosed() {
		return !this.channel.isOpen();
	}

	@Override
	public InetAddress getInetAddress() {
		return InetAddress.getLoopbackAddress();
	}

	@Override
	public int getLocalPort() {
		return PipeSocket.PORT;
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return new InetSocketAddress(getInetAddress(), getLocalPort());
	}

	@Override
	public @Nullable ServerSocketChannel getChannel() {
		return null;
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
	public void setReceiveBufferSize(int size) throws SocketException {
		requireOpen();
		if (size <= 0) {
			throw new IllegalArgumentException("A buffer cannot have the size " + size);
		}
	}

	@Override
	public int getReceiveBufferSize() throws SocketException {
		requireOpen();
		return OptionlessSocket.BUFFER_SIZE;
	}

	// The JDK would make a socket of TCP for these.

	@Override
	public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
		requireOpen();
		throw OptionlessSocket.unsupported(name);
	}

	@Override
	public <T> T getOption(SocketOption<T> name) throws IOException {
		requireOpen();
		throw OptionlessSocket.unsupported(name);
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	@Override
	public void close() throws IOException {
		try {
			this.channel.close();
		}
		catch (PipeException ex) {
			throw PipeSocket.failed(ex);
		}
	}

	@Override
	public String toString() {
		return "PipeServerSocket[%s]".formatted(this.channel.location());
	}

}
