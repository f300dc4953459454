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

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Medians and ratios of the rounds of a measurement.
 */
final class Statistics {

	private Statistics() {
	}

	// Of runs that are close in time, since the load of the machine changes.
	static List<Double> ratios(List<Double> values, List<Double> reference) {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < values.size(); i++) {
			ratios.add(values.get(i) / reference.get(i));
		}
		return ratios;
	}

	static <T> double ratio(List<T> rounds, List<T> reference, ToDoubleFunction<T> value) {
		return median(ratios(values(rounds, value), values(reference, value)));
	}

	static double median(List<Double> values) {
		return quantile(values, 0.5);
	}

	static <T> double median(List<T> rounds, ToDoubleFunction<T> value) {
		return median(values(rounds, value));
	}

	static <T> List<Double> values(List<T> rounds, ToDoubleFunction<T> value) {
		return rounds.stream().mapToDouble(value).boxed().toList();
	}

	// Interpolates between two values.
	static double quantile(List<Double> values, double part) {
		if (values.isEmpty()) {
			return Double.NaN;
		}
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		double place = part * (sorted.length - 1);
		int below = (int) place;
		int above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
	}

}
