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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The numbers of users and groups. The JDK hands out principals, which have a name but no
 * number that can be asked for; a name alone proves nothing, since a user may be called
 * {@code 1000} and have another uid. So a number is guessed, and then proven: the
 * principal that the JDK makes of the number must equal the one in question. What cannot
 * be proven has no number.
 */
final class UnixIds {

	static final int ROOT = 0;

	/** No user and no group has this id: it means "unchanged" to the kernel. */
	static final int INVALID = -1;

	private static final Pattern SIGNED = Pattern.compile("[+-][0-9]+");

	private UnixIds() {
	}

	// The uid of a user's principal.
	static OptionalInt uid(UserPrincipal user) throws IOException {
		return number(user, UserPrincipalLookupService::lookupPrincipalByName);
	}

	// The gid of a group's principal.
	static OptionalInt gid(UserPrincipal group) throws IOException {
		return number(group, UserPrincipalLookupService::lookupPrincipalByGroupName);
	}

	// The uid of a user by name, which may be a number too where no user is called so.
	static OptionalInt uidOf(String name) throws IOException {
		return numberOf(name, UserPrincipalLookupService::lookupPrincipalByName);
	}

	// The gid of a group by name, which may be a number too where no group is called so.
	static OptionalInt gidOf(String name) throws IOException {
		return numberOf(name, UserPrincipalLookupService::lookupPrincipalByGroupName);
	}

	// Whether a text is the decimal form of a valid id.
	static boolean isNumber(String text) {
		return !text.isEmpty() && text.length() <= 10 && text.chars().allMatch((c) -> c >= '0' && c <= '9')
				&& Long.parseLong(text) < 0xFFFFFFFFL;
	}

	static int parse(String number) {
		return Integer.parseUnsignedInt(number);
	}

	static String format(int id) {
		return Integer.toUnsignedString(id);
	}

	private static OptionalInt numberOf(String name, Lookup lookup) throws IOException {
		if (SIGNED.matcher(name).matches()) {
			// No name, and to the JDK the number of some other user.
			return OptionalInt.empty();
		}
		// The JDK reads numbers as signed ones.
		String text = isNumber(name) ? Integer.toString(parse(name)) : name;
		try {
			return number(lookup.find(FileSystems.getDefault().getUserPrincipalLookupService(), text), lookup);
		}
		catch (UserPrincipalNotFoundException ex) {
			return OptionalInt.empty();
		}
	}

	private static OptionalInt number(UserPrincipal principal, Lookup lookup) throws IOException {
		// The JDK's principals of files and sockets hash to their number: a good guess.
		int guess = principal.hashCode();
		if (guess == INVALID) {
			return OptionalInt.empty();
		}
		try {
			UserPrincipal proof = lookup.find(FileSystems.getDefault().getUserPrincipalLookupService(),
					Integer.toString(guess));
			return proof.equals(principal) ? OptionalInt.of(guess) : OptionalInt.empty();
		}
		catch (UserPrincipalNotFoundException ex) {
			return OptionalInt.empty();
		}
	}

	@FunctionalInterface
	private interface Lookup {

		UserPrincipal find(UserPrincipalLookupService service, String name) throws IOException;

	}

}
