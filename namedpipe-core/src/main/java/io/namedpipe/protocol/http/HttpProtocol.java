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

package io.namedpipe.protocol.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * HTTP/1.1 over a pipe (RFC 9110, RFC 9112), strict: a message that two peers could read
 * in two ways is refused.
 * <p>
 * The route of a request is its path, decoded and without the leading slash. Headers have
 * names in lower case; those of several fields are joined with a comma, those of
 * {@code Set-Cookie} with a line feed; those that belong to the connection
 * ({@link #CONNECTION_HEADERS}) are left out. Other parts of a message are headers here
 * too, with names that no header of HTTP can have: {@link #METHOD}, {@link #QUERY},
 * {@link #STATUS} and {@link #CONTENT_LENGTH}.
 * <p>
 * A failure is a problem of RFC 9457, {@code application/problem+json}, with the
 * {@linkplain io.namedpipe.protocol.PipeFailure.Code code} as its member {@code code}.
 * The client's side throws it as a {@link io.namedpipe.protocol.PipeRemoteException}.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpProtocol implements PipeProtocol {

	/** The name of this protocol. */
	public static final String NAME = "http";

	/**
	 * The header of a request with its method. A client that does not set it sends
	 * {@code POST}, or {@code GET} if there is no body.
	 */
	public static final String METHOD = ":method";

	/**
	 * The header of a request with what follows the question mark, not decoded. Absent if
	 * there is none.
	 */
	public static final String QUERY = ":query";

	/**
	 * The header of a request with its path, not decoded and without the leading slash.
	 * Absent if nothing in it is escaped: then it is the route. A client that sets it
	 * sends it in place of the route.
	 */
	public static final String PATH = ":path";

	/**
	 * The header of a reply with its status, 200 to 599. A server that does not set it
	 * sends 200, or 204 if the body is empty.
	 */
	public static final String STATUS = ":status";

	/**
	 * The header of a reply that a client has received, with the length that the server
	 * has declared, in bytes: also in the reply to {@code HEAD}, which has no body. It is
	 * never sent.
	 */
	public static final String CONTENT_LENGTH = ":content-length";

	/**
	 * The headers that belong to the connection, in lower case. A session decides on
	 * them; handlers and callers can neither set nor see them.
	 */
	public static final Set<String> CONNECTION_HEADERS = Set.of("connection", "content-length", "expect", "keep-alive",
			"te", "trailer", "transfer-encoding", "upgrade");

	private static final int MAX_PARAMETERS = 1000;

	private static final ProtocolCapabilities CAPABILITIES = ProtocolCapabilities.of(Feature.ROUTES, Feature.PATHS,
			Feature.HEADERS, Feature.REQUEST_BODY, Feature.REPLY_BODY, Feature.STREAMED_REQUESTS,
			Feature.KEPT_CONNECTIONS);

	private final HttpServerLimits limits;

	private final boolean failuresAsReplies;

	/** Whether a server has refused to be asked before a body is sent. */
	private final AtomicBoolean expectationRefused = new AtomicBoolean();

	/**
	 * Makes the protocol from its settings. Sizes are in bytes.
	 * @return the factory
	 */
	public static PipeProtocolFactory factory() {
		return PipeProtocolFactory.of(NAME, (settings) -> new HttpProtocol(HttpServerLimits.of(settings), false));
	}

	/**
	 * Create the protocol with the default limits.
	 */
	public HttpProtocol() {
		this(HttpServerLimits.DEFAULTS, false);
	}

	private HttpProtocol(HttpServerLimits limits, boolean failuresAsReplies) {
		this.limits = limits;
		this.failuresAsReplies = failuresAsReplies;
	}

	/**
	 * This protocol with a client that gives every reply to its caller, those of failures
	 * (400 to 599) too, and throws none as an exception.
	 * @return the protocol
	 */
	public static PipeProtocol withFailuresAsReplies() {
		return new HttpProtocol(HttpServerLimits.DEFAULTS, true);
	}

	/**
	 * The segments of the path of a request. A slash in a segment was escaped.
	 * @param request the request
	 * @return the segments, decoded; one empty segment for the root
	 */
	public static List<String> segments(PipeRequest request) {
		String path = request.headers().get(PATH);
		return (path != null) ? Stream.of(path.split("/", -1)).map(HttpUris::decode).toList()
				: List.of(request.route().split("/", -1));
	}

	/**
	 * Decode a query, or a form ({@code application/x-www-form-urlencoded}).
	 * @param encoded the text
	 * @return the values of each name, in their order; a name without an equals sign has
	 * an empty value
	 * @throws io.namedpipe.protocol.PipeProtocolException if it cannot be decoded, or has
	 * over a thousand values
	 */
	public static Map<String, List<String>> parameters(String encoded) {
		return HttpUris.decodeForm(encoded, MAX_PARAMETERS);
	}

	/**
	 * Choose a media type that a client takes.
	 * @param accept the header {@code accept} of the request, {@code null} if there is
	 * none
	 * @param offered the types that there are, the preferred ones first
	 * @return the type that the client prefers, {@code null} if it takes none
	 */
	public static @Nullable String acceptable(@Nullable String accept, List<String> offered) {
		return AcceptHeader.of(accept).best(offered);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return new HttpServerSession(connection, this.limits);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return new HttpClientSession(connection, HttpLimits.DEFAULTS, this.failuresAsReplies, this.expectationRefused);
	}

}
