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
import java.net.Socket;

import javax.net.SocketFactory;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.unix.UnixPipeTransport;
import io.namedpipe.transport.windows.WindowsPipeTransport;

/**
 * Makes sockets that connect to one pipe, whatever host and port a library asks for.
 * Thread-safe.
 *
 * @since 0.1.0
 * @see PipeSocket
 */
public final class PipeSocketFactory extends SocketFactory {

	private static final String EXPECTED_SERVER = "?expected-server=";

	private final PipeConnector connector;

	private final PipeAddress address;

	private final PipeClientOptions options;

	/**
	 * Create a factory.
	 * @param connector the transport
	 * @param address the pipe
	 * @param options how to connect; the time-out of
	 * {@link Socket#connect(java.net.SocketAddress, int)} takes precedence over
	 * {@code connectTimeout}
	 */
	public PipeSocketFactory(PipeConnector connector, PipeAddress address, PipeClientOptions options) {
		this.connector = connector;
		this.address = address;
		this.options = options;
	}

	/**
	 * Create a factory from one text, as drivers of databases do, on the pipes of this
	 * operating system.
	 * @param pipe the name or the socket path of the pipe. The server must run as this
	 * user or as the system; {@code ?expected-server=NAME} after the address names
	 * another user, or {@code any}
	 * @throws PipeAddressException if the text is no address
	 */
	public PipeSocketFactory(String pipe) {
		this(OperatingSystem.isWindows() ? new WindowsPipeTransport() : new UnixPipeTransport(),
				PipeAddress.of(address(pipe)), options(pipe));
	}

	private static String address(String pipe) {
		int end = pipe.lastIndexOf(EXPECTED_SERVER);
		return (end < 0) ? pipe : pipe.substring(0, end);
	}

	private static PipeClientOptions options(String pipe) {
		int end = pipe.lastIndexOf(EXPECTED_SERVER);
		if (end < 0) {
			return PipeClientOptions.defaults();
		}
		String owner = pipe.substring(end + EXPECTED_SERVER.length());
		return PipeClientOptions.builder().expectedServer(ExpectedServer.of(owner)).build();
	}

	/**
	 * Make a socket that is not connected yet.
	 * @return the socket
	 */
	@Override
	public Socket createSocket() throws IOException {
		return new PipeSocket(this.connector, this.address, this.options);
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return connected();
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return connected();
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return connected();
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return connected();
	}

	private Socket connected() throws IOException {
		Socket socket = createSocket();
		try {
			socket.connect(InetSocketAddress.createUnresolved("pipe", PipeSocket.PORT));
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

}
