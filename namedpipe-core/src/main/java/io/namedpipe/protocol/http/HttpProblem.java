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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRemoteException;

/**
 * An error, as RFC 9457 writes it.
 *
 * @param status the status of the response
 * @param failure what went wrong
 */
record HttpProblem(int status, PipeFailure failure) {

	static final String MEDIA_TYPE = "application/problem+json";

	private static final List<String> STANDARD_MEMBERS = List.of("title", "status", "detail", "code");

	/**
	 * The problem that a failure is.
	 * @param failure the failure
	 * @return the problem
	 */
	static HttpProblem of(PipeFailure failure) {
		String status = failure.headers().get(HttpProtocol.STATUS);
		return new HttpProblem((status != null) ? HttpFields.status(status) : status(failure.code()), failure);
	}

	private static int status(Code code) {
		return switch (code) {
			case BAD_REQUEST -> 400;
			case ACCESS_DENIED, IMPERSONATION_FAILED -> 403;
			case NOT_FOUND -> 404;
			case TOO_LARGE -> 413;
			case BUSY -> 503;
			case TIMEOUT -> 504;
			case INTERNAL -> 500;
		};
	}

	/**
	 * The problem of a request that is malformed.
	 * @param refusal why it is refused
	 * @return the problem
	 */
	static HttpProblem of(HttpException refusal) {
		return new HttpProblem(refusal.status(),
				new PipeFailure(code(refusal.status()), String.valueOf(refusal.getMessage())));
	}

	/**
	 * Read the failure from a response with an error.
	 * @param status the status, 400 or above
	 * @param json a problem, or anything else
	 * @return the failure of the request
	 */
	static PipeRemoteException read(int status, String json) {
		Map<String, Object> fields = new LinkedHashMap<>(JsonReader.members(json));
		Code code = code(status);
		for (Code each : Code.values()) {
			code = each.name().equals(fields.get("code")) ? each : code;
		}
		String title = text(fields, "title");
		String detail = text(fields, "detail");
		String message = !detail.isEmpty() ? detail : title;
		STANDARD_MEMBERS.forEach(fields::remove);
		return new PipeRemoteException(code,
				!message.isEmpty() ? message
						: "The server answered with the status %d %s".formatted(status, reason(status)).trim(),
				status, !title.isEmpty() ? title : reason(status), detail, fields);
	}

	private static String text(Map<String, Object> fields, String name) {
		return (fields.get(name) instanceof String text) ? text : "";
	}

	private static Code code(int status) {
		return switch (status) {
			case 401, 403, 407 -> Code.ACCESS_DENIED;
			case 404, 410 -> Code.NOT_FOUND;
			case 413, 414, 431 -> Code.TOO_LARGE;
			case 429, 503 -> Code.BUSY;
			case 408, 504 -> Code.TIMEOUT;
			default -> (status < 500 || status == 501 || status == 505) ? Code.BAD_REQUEST : Code.INTERNAL;
		};
	}

	/**
	 * The reason for a status.
	 * @param status the status
	 * @return the usual words, empty if there are none
	 */
	static String reason(int status) {
		return switch (status) {
			case 200 -> "OK";
			case 201 -> "Created";
			case 202 -> "Accepted";
			case 204 -> "No Content";
			case 206 -> "Partial Content";
			case 304 -> "Not Modified";
			case 400 -> "Bad Request";
			case 403 -> "Forbidden";
			case 404 -> "Not Found";
			case 405 -> "Method Not Allowed";
			case 406 -> "Not Acceptable";
			case 408 -> "Request Timeout";
			case 409 -> "Conflict";
			case 412 -> "Precondition Failed";
			case 413 -> "Content Too Large";
			case 414 -> "URI Too Long";
			case 415 -> "Unsupported Media Type";
			case 416 -> "Range Not Satisfiable";
			case 417 -> "Expectation Failed";
			case 422 -> "Unprocessable Content";
			case 429 -> "Too Many Requests";
			case 431 -> "Request Header Fields Too Large";
			case 500 -> "Internal Server Error";
			case 501 -> "Not Implemented";
			case 503 -> "Service Unavailable";
			case 504 -> "Gateway Timeout";
			case 505 -> "HTTP Version Not Supported";
			default -> "";
		};
	}

	/**
	 * The fields of the response.
	 * @return the fields
	 */
	HttpHeaders fields() {
		HttpHeaders fields = HttpFields.toFields(this.failure.headers());
		fields.set("Content-Type", MEDIA_TYPE);
		if (this.status == 503) {
			fields.setIfAbsent("Retry-After", "1");
		}
		return fields;
	}

	/**
	 * The body of the response.
	 * @return the text
	 */
	String json() {
		String json = "{\"title\":%s,\"status\":%d,\"detail\":%s,\"code\":\"%s\"".formatted(
				JsonText.quote(reason(this.status)), this.status, JsonText.quote(this.failure.message()),
				this.failure.code().name());
		return json + (this.failure.fields().isEmpty() ? "" : ",\"fields\":" + JsonText.object(this.failure.fields()))
				+ "}";
	}

}
