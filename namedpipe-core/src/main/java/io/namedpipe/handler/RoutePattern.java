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

import org.jspecify.annotations.Nullable;

/**
 * A route that is a path, whose segments may be variables. Patterns are sorted by how
 * close they are to the paths that they match, the closest one first.
 *
 * @param shape the segments without the names of variables: two patterns with the same
 * shape match the same paths
 * @param variables the names of the variables, in their order
 */
record RoutePattern(List<Segment> shape, List<String> variables) implements Comparable<RoutePattern> {

	/**
	 * Parse a pattern.
	 * @param route the pattern, as an annotation has it
	 * @return the pattern
	 * @throws IllegalArgumentException if it is not one
	 */
	static RoutePattern of(String route) {
		List<Segment> shape = new ArrayList<>();
		List<String> variables = new ArrayList<>();
		String[] texts = (route.startsWith("/") ? route.substring(1) : route).split("/", -1);
		for (String text : texts) {
			boolean rest = text.startsWith("{*");
			if (text.startsWith("{") && text.endsWith("}")) {
				variables.add(text.substring(rest ? 2 : 1, text.length() - 1));
				shape.add(rest ? Segment.REST : Segment.VARIABLE);
			}
			else {
				shape.add(new Segment(0, text));
			}
		}
		check(shape, variables, route);
		return new RoutePattern(List.copyOf(shape), List.copyOf(variables));
	}

	private static void check(List<Segment> shape, List<String> variables, String route) {
		if (shape.indexOf(Segment.REST) >= 0 && shape.indexOf(Segment.REST) < shape.size() - 1) {
			throw new IllegalArgumentException("in the route '%s' something comes after {*%s}, which takes all the rest"
				.formatted(route, variables.get(variables.size() - 1)));
		}
		if (!variables.stream().allMatch(RoutePattern::isName)
				|| shape.stream().anyMatch((segment) -> segment.text.matches(".*[{}*?].*"))) {
			throw new IllegalArgumentException(
					"in the route '%s' a variable is not a whole segment, {name}, or {*name} as the last one; wildcards and expressions are not supported"
						.formatted(route));
		}
		if (variables.stream().distinct().count() < variables.size()) {
			throw new IllegalArgumentException("the route '%s' has a variable twice".formatted(route));
		}
	}

	private static boolean isName(String text) {
		return !text.isEmpty() && text.chars().allMatch(Character::isJavaIdentifierPart);
	}

	boolean isText() {
		return this.variables.isEmpty();
	}

	/**
	 * Match a path.
	 * @param path the segments of the path
	 * @return the values of the variables, in their order, {@code null} if the path does
	 * not match
	 */
	@Nullable List<String> match(List<String> path) {
		int size = this.shape.size();
		boolean rest = this.shape.get(size - 1) == Segment.REST;
		if (rest ? path.size() < size - 1 : path.size() != size) {
			return null;
		}
		List<String> values = new ArrayList<>(this.variables.size());
		for (int i = 0; i < (rest ? size - 1 : size); i++) {
			Segment segment = this.shape.get(i);
			String text = path.get(i);
			if ((segment == Segment.VARIABLE) ? text.isEmpty() : !segment.text.equals(text)) {
				return null;
			}
			if (segment == Segment.VARIABLE) {
				values.add(text);
			}
		}
		if (rest) {
			values.add(String.join("/", path.subList(size - 1, path.size())));
		}
		return values;
	}

	/**
	 * Give values the names of this pattern.
	 * @param values the values of a pattern with the same shape
	 * @return the variables
	 */
	Map<String, String> named(List<String> values) {
		Map<String, String> named = new HashMap<>();
		for (int i = 0; i < values.size(); i++) {
			named.put(this.variables.get(i), values.get(i));
		}
		return named;
	}

	@Override
	public int compareTo(RoutePattern other) {
		int common = Math.min(this.shape.size(), other.shape.size());
		for (int i = 0; i < common; i++) {
			int result = Integer.compare(this.shape.get(i).rank, other.shape.get(i).rank);
			if (result != 0) {
				return result;
			}
		}
		return Integer.compare(this.shape.size(), other.shape.size());
	}

	/**
	 * A segment.
	 *
	 * @param rank how far from the path it is
	 * @param text the text, empty for a variable
	 */
	record Segment(int rank, String text) {

		static final Segment VARIABLE = new Segment(1, "");

		static final Segment REST = new Segment(2, "");

	}

}
