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

package io.namedpipe.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.handler.RoutePattern.Segment;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.LogText;

/**
 * Finds handlers by path and method. Of the patterns that match a path, the closest one
 * that takes the method is chosen.
 */
final class PathRoutes implements Routes {

	/** The attribute of an exchange with the variables of its route. */
	static final String VARIABLES = PathRoutes.class.getName() + ".variables";

	private static final String HEAD = "HEAD";

	private static final String GET = "GET";

	private static final String OPTIONS = "OPTIONS";

	/** Not for the handlers of all methods: they ask about the path. */
	private static final Set<String> NOT_FOR_ALL = Set.of(OPTIONS, "TRACE");

	private static final Set<String> ALL = Set.of("DELETE", GET, HEAD, "PATCH", "POST", "PUT");

	/** Those without variables, by their path. */
	private final Map<String, Entry> texts = new HashMap<>();

	private final List<Entry> patterns = new ArrayList<>();

	PathRoutes(List<PipeHandlerMethod> methods) {
		Map<List<Segment>, Entry> entries = new HashMap<>();
		for (PipeHandlerMethod method : methods) {
			for (RoutePattern pattern : method.patterns()) {
				entries.computeIfAbsent(pattern.shape(), (shape) -> new Entry(pattern))
					.add(new Target(pattern, method));
			}
		}
		entries.values().forEach((entry) -> {
			if (entry.pattern.isText()) {
				this.texts.put(String.join("/", entry.pattern.shape().stream().map(Segment::text).toList()), entry);
			}
			else {
				this.patterns.add(entry);
			}
		});
		this.patterns.sort((first, second) -> first.pattern.compareTo(second.pattern));
	}

	@Override
	public @Nullable PipeHandlerMethod find(PipeExchange exchange) {
		PipeRequest request = exchange.request();
		requireNoDotSegment(request.route());
		String method = request.headers().getOrDefault(HttpProtocol.METHOD, GET);
		Set<String> allowed = new TreeSet<>();
		// What is escaped may be a slash in the middle of a segment.
		Entry text = request.headers().containsKey(HttpProtocol.PATH) ? null : this.texts.get(request.route());
		Target target = (text != null) ? text.target(method, allowed) : null;
		if (target != null) {
			return target.method;
		}
		List<String> path = HttpProtocol.segments(request);
		for (Entry entry : (text != null) ? this.patterns : candidates(path)) {
			List<String> values = entry.pattern.match(path);
			target = (values != null) ? entry.target(method, allowed) : null;
			if (values != null && target != null) {
				exchange.attributes().put(VARIABLES, target.pattern.named(values));
				return target.method;
			}
		}
		if (allowed.isEmpty()) {
			throw Routes.notFound(exchange);
		}
		allowed.add(OPTIONS);
		String allow = String.join(", ", allowed);
		if (method.equals(OPTIONS)) {
			exchange.reply(new PipeReply(Map.of("Allow", allow), PipeBody.empty()));
			return null;
		}
		throw new PipeRequestException(new PipeFailure(Code.BAD_REQUEST,
				"the route '%s' takes %s".formatted(LogText.of(request.route()), allow),
				Map.of(HttpProtocol.STATUS, "405", "Allow", allow), Map.of()), null);
	}

	// A slash that was escaped is found by the match.
	private List<Entry> candidates(List<String> path) {
		Entry text = this.texts.get(String.join("/", path));
		return (text != null) ? Stream.concat(Stream.of(text), this.patterns.stream()).toList() : this.patterns;
	}

	// Clients resolve these before they send a path. One that sends them wants something
	// else to resolve them, also those behind an escaped slash.
	private static void requireNoDotSegment(String route) {
		if (route.indexOf('.') >= 0
				&& Stream.of(route.split("[/\\\\]", -1)).anyMatch((segment) -> segment.matches("\\.\\.?"))) {
			throw new PipeRequestException(Code.BAD_REQUEST, "the path has a segment . or ..");
		}
	}

	/**
	 * The handlers of one shape of paths.
	 */
	private static final class Entry {

		private final RoutePattern pattern;

		/** By method; the key is empty for the handler of all methods. */
		private final Map<String, Target> targets = new TreeMap<>();

		Entry(RoutePattern pattern) {
			this.pattern = pattern;
		}

		void add(Target target) {
			List<String> methods = target.method.requestMethods();
			for (String each : methods.isEmpty() ? List.of("") : methods) {
				Target former = this.targets.putIfAbsent(each, target);
				if (former != null) {
					throw Routes.twoHandlers(target.method.route(target.pattern), each, former.method, target.method);
				}
			}
		}

		@Nullable Target target(String method, Set<String> allowed) {
			Target target = this.targets.get(method);
			if (target == null && method.equals(HEAD)) {
				target = this.targets.get(GET);
			}
			if (target == null && !NOT_FOR_ALL.contains(method)) {
				target = this.targets.get("");
			}
			if (target == null) {
				this.targets.keySet().forEach((each) -> allowed.addAll(each.isEmpty() ? ALL : Set.of(each)));
				if (this.targets.containsKey(GET)) {
					allowed.add(HEAD);
				}
			}
			return target;
		}

	}

	/**
	 * A handler, and the pattern that names its variables.
	 */
	private record Target(RoutePattern pattern, PipeHandlerMethod method) {

	}

}
