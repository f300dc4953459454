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

package io.namedpipe.transport;

/**
 * What a client lets the server do with its identity (Win32
 * {@code SECURITY_IMPERSONATION_LEVEL}). Unix-domain sockets always reveal the client and
 * leave the rest to the server's privileges.
 *
 * @since 0.1.0
 */
public enum ImpersonationLevel {

	/** The server cannot identify the client. */
	ANONYMOUS,

	/** The server can identify the client, and cannot act as it. The default. */
	IDENTIFICATION,

	/** The server can act as the client on its own machine. */
	IMPERSONATION,

	/** The server can act as the client on other machines too. */
	DELEGATION

}
