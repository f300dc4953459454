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

package io.namedpipe.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

import io.namedpipe.protocol.PipeFailure.Code;

/**
 * Thrown at the client when the server answered with a failure, with all that it has
 * said. In {@code http} that is the status and, if the body is one, a problem of RFC
 * 9457.
 *
 * @since 0.1.0
 */
public class PipeRemoteException extends PipeRequestException {

	private static final String FIELDS = "fields";

	private final int status;

	private final String title;

	private final String detail;

	private final transient Map<String, Object> properties;

	/**
	 * Create the exception.
	 * @param code the kind of failure
	 * @param message what went wrong
	 * @param status the status of the answer
	 * @param title the kind of failure in words, may be empty
	 * @param detail what the server says of this failure, may be empty
	 * @param properties what else it says
	 */
	public PipeRemoteException(Code code, String message, int status, String title, String detail,
			Map<String, Object> properties) {
		super(new PipeFailure(code, message, Map.of(), fields(properties)), null);
		this.status = status;
		this.title = title;
		this.detail = detail;
		this.properties = Map.copyOf(properties);
	}

	private static Map<String, String> fields(Map<String, Object> properties) {
		Map<String, String> fields = new LinkedHashMap<>();
		if (properties.get(FIELDS) instanceof Map<?, ?> said) {
			said.forEach((name, message) -> fields.put(String.valueOf(name), String.valueOf(message)));
		}
		return fields;
	}

	/**
	 * The status of the answer.
	 * @return the status, such as 404
	 */
	public int getStatus() {
		return this.status;
	}

	/**
	 * The kind of failure in words, the {@code title} of the problem.
	 * @return the title, may be empty
	 */
	public String getTitle() {
		return this.title;
	}

	/**
	 * What is to be said of this failure, the {@code detail} of the problem.
	 * @return the detail, empty if the server has said none
	 */
	public String getDetail() {
		return this.detail;
	}

	/**
	 * What is wrong with the fields of the payload, the member {@code fields} of the
	 * problem.
	 * @return the messages by field, empty if there are none
	 */
	public Map<String, String> getFields() {
		return getFailure().fields();
	}

	/**
	 * The further members of the problem, such as {@code type} and {@code instance}.
	 * Values are texts, numbers, booleans, lists and maps.
	 * @return the members by name, empty if there are none
	 */
	public Map<String, Object> getProperties() {
		return (this.properties != null) ? this.properties : Map.of();
	}

}
