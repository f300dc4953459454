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

package io.namedpipe.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Arguments of the form {@code --name=value} and {@code --name}.
 */
final class Arguments {

	private final List<String> arguments;

	private Arguments(List<String> arguments) {
		this.arguments = arguments;
	}

	static Arguments parse(String[] args, String... known) {
		for (String arg : args) {
			if (!List.of(known).contains(arg.split("=", 2)[0])) {
				System.err.println("Unknown: " + arg + "; there are: " + Arrays.toString(known));
				System.exit(2);
			}
		}
		return new Arguments(List.of(args));
	}

	boolean has(String name) {
		return this.arguments.contains(name);
	}

	List<String> all(String name) {
		return values(name).toList();
	}

	String text(String name, String fallback) {
		return values(name).findFirst().orElse(fallback);
	}

	int number(String name, int fallback) {
		return values(name).findFirst().map(Integer::parseInt).orElse(fallback);
	}

	double decimal(String name, double fallback) {
		return values(name).findFirst().map(Double::parseDouble).orElse(fallback);
	}

	// None, if the text is empty.
	List<Integer> numbers(String name, String fallback) {
		return Stream.of(text(name, fallback).split(","))
			.filter((number) -> !number.isEmpty())
			.map(Integer::valueOf)
			.toList();
	}

	private Stream<String> values(String name) {
		return this.arguments.stream()
			.filter((argument) -> argument.startsWith(name + "="))
			.map((argument) -> argument.substring(name.length() + 1));
	}

}
