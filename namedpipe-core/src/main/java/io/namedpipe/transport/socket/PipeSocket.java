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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * A channel as a socket. Time-outs, half close, {@code available} and {@code close} from
 * another thread are those of {@link Socket}; an interrupt ends a read or a write, and
 * closes the socket, on every thread and not only on virtual ones. Options of TCP have no
 * effect. Internet addresses are stand-ins: the loopback address, and port 1.
 *
 * @since 0.1.0
 * @see PipeSocketFactory
 */
public final class PipeSocket extends OptionlessSocket {

	/** The stand-in for a port. */
	static final int PORT = 1;

	private final @Nullable Connect connect;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Thread connecting;

	private volatile @Nullable PipeSocketInput input;

	private volatile boolean closed;

	private volatile boolean outputShutdown;

	private volatile int timeoutMillis;

	PipeSocket(PipeConnector connector, PipeAddress address, PipeClientOptions options) throws SocketException {
		this.connect = (millis) -> connector.connect(address, withTimeout(options, millis));
	}

	/**
	 * Make a socket of a connected channel. The socket owns the channel from then on.
	 * @param channel the channel
	 * @throws SocketException never, but {@link Socket} declares it
	 */
	public PipeSocket(PipeChannel channel) throws SocketException {
		this.connect = null;
		this.input = new PipeSocketInput(this, channel);
	}

	private static PipeClientOptions withTimeout(PipeClientOptions options, int millis) {
		return (millis == 0) ? options
				: new PipeClientOptions(Duration.ofMillis(millis), options.waitForServer(),
						options.impersonationLevel(), options.mode(), options.direction(), options.maxMessageSize(),
						options.expectedServer());
	}

	/**
	 * Connect to the pipe.
	 * @param endpoint ignored
	 * @param timeout how long to try while the server is busy, in milliseconds; 0 for
	 * what the options of the factory say
	 */
	@Override
	public void connect(SocketAddress endpoint, int timeout) throws IOException {
		if (timeout < 0) {
			throw new IllegalArgumentException("The time-out must not be negative");
		}
		Connect connect = beginToConnect();
		try {
			this.input = new PipeSocketInput(this, connect.channel(timeout));
		}
		catch (PipeNotFoundException ex) {
			throw (IOException) new ConnectException(ex.getMessage()).initCause(ex);
		}
		catch (PipeBusyException | PipeTimeoutException ex) {
			throw (IOException) new SocketTimeoutException(ex.getMessage()).initCause(ex);
		}
		catch (PipeException ex) {
			requireOpen();
			throw failed(ex);
		}
		finally {
			endToConnect();
		}
		if (this.closed) {
			close();
			requireOpen();
		}
	}

	private Connect beginToConnect() throws SocketException {
		this.lock.lock();
		try {
			requireOpen();
			if (isConnected() || this.connecting != null || this.connect == null) {
				throw new SocketException("already connected");
			}
			this.connecting = Thread.currentThread();
			return this.connect;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endToConnect() {
		this.lock.lock();
		try {
			this.connecting = null;
			if (this.closed) {
				// The interrupt was for the connect, and not for what the thread does
				// next.
				Thread.interrupted();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void interruptConnect() {
		this.lock.lock();
		try {
			if (this.connecting != null) {
				this.connecting.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	static SocketException failed(PipeException ex) {
		return (SocketException) new SocketException(ex.getMessage()).initCause(ex);
	}

	private PipeSocketInput connected() throws SocketException {
		requireOpen();
		PipeSocketInput input = this.input;
		if (input == null) {
			throw new SocketException("Socket is not connected");
		}
		return input;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		PipeSocketInput input = connected();
		refuse(input.isShutdown(), "Socket input is shutdown");
		return input;
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		PipeChannel channel = connected().channel();
		requireOutput();
		return new PipeSocketOutput(this, channel);
	}

	void requireOutput() throws SocketException {
		refuse(this.outputShutdown, "Socket output is shutdown");
	}

	private static void refuse(boolean wrong, String message) throws SocketException {
		if (wrong) {
			throw new SocketException(message);
		}
	}

	/**
	 * Set how long a read waits for its first byte.
	 * @param timeout the time-out in milliseconds, 0 for none
	 */
	@Override
	public void setSoTimeout(int timeout) throws SocketException {
		requireOpen();
		if (timeout < 0) {
			throw new IllegalArgumentException("The time-out must not be negative");
		}
		this.timeoutMillis = timeout;
		PipeSocketInput input = this.input;
		if (input != null) {
			input.prepareTimeout();
		}
	}

	@Override
	public int getSoTimeout() throws SocketException {
		requireOpen();
		return this.timeoutMillis;
	}

	int timeoutMillis() {
		return this.timeoutMillis;
	}

	/**
	 * Let reads that begin from now on meet the end of the stream. A read that waits goes
	 * on waiting.
	 */
	@Override
	public void shutdownInput() throws IOException {
		PipeSocketInput input = connected();
		refuse(input.isShutdown(), "Socket input is already shutdown");
		input.shutdown();
	}

	@Override
	public void shutdownOutput() throws IOException {
		PipeChannel channel = connected().channel();
		refuse(this.outputShutdown, "Socket output is already shutdown");
		try {
			channel.shutdownOutput();
			this.outputShutdown = true;
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
	}

	@Override
	public boolean isInputShutdown() {
		PipeSocketInput input = this.input;
		return input != null && input.isShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.outputShutdown;
	}

	@Override
	public boolean isConnected() {
		return this.input != null;
	}

	@Override
	public boolean isBound() {
		return isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		interruptConnect();
		PipeSocketInput input = this.input;
		try {
			if (input != null) {
				input.channel().close();
			}
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
	}

	@Override
	public @Nullable InetAddress getInetAddress() {
		return isConnected() ? InetAddress.getLoopbackAddress() : null;
	}

	@Override
	public InetAddress getLocalAddress() {
		return InetAddress.getLoopbackAddress();
	}

	@Override
	public int getPort() {
		return isConnected() ? PORT : 0;
	}

	@Override
	public int getLocalPort() {
		return isConnected() ? PORT : -1;
	}

	@Override
	public @Nullable SocketAddress getRemoteSocketAddress() {
		return isConnected() ? new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT) : null;
	}

	@Override
	public @Nullable SocketAddress getLocalSocketAddress() {
		return getRemoteSocketAddress();
	}

	@Override
	public String toString() {
		return "PipeSocket[%s]".formatted(this.closed ? "closed" : isConnected() ? "connected" : "unconnected");
	}

	/**
	 * Connects to the pipe.
	 */
	@FunctionalInterface
	private interface Connect {

		PipeChannel channel(int timeoutMillis);

	}

}
