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

package io.namedpipe.security.spring;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

import io.namedpipe.security.PipePrincipal;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccess;

/**
 * Makes authorities from the ids of the caller: {@code PIPE_CLIENT} for every caller,
 * {@code UID_<n>} and {@code GID_<n>} or {@code SID_<sid>}, and those that a map gives to
 * users and groups. Authorities are made from ids, because a name can be given to another
 * user later.
 *
 * @since 0.1.0
 */
public final class IdentityAuthoritiesMapper implements PipeAuthoritiesMapper {

	/** The authority of every caller. */
	public static final String CLIENT = "PIPE_CLIENT";

	private final Map<String, List<String>> granted;

	/**
	 * Create the mapper.
	 * @param granted authorities by user name, uid, {@code group:GID} or SID
	 */
	public IdentityAuthoritiesMapper(Map<String, List<String>> granted) {
		this.granted = Map.copyOf(granted);
	}

	@Override
	public Collection<? extends GrantedAuthority> mapAuthorities(PipePrincipal principal) {
		PeerIdentity identity = principal.identity();
		boolean unix = identity.kind() == PeerIdentity.Kind.UNIX;
		Set<String> authorities = new LinkedHashSet<>();
		authorities.add(CLIENT);
		authorities.add((unix ? "UID_" : "SID_") + identity.id());
		authorities.addAll(this.granted.getOrDefault(identity.id(), List.of()));
		authorities.addAll(this.granted.getOrDefault(identity.qualifiedName(), List.of()));
		for (String group : identity.groupIds()) {
			authorities.add((unix ? "GID_" : "SID_") + group);
			authorities.addAll(this.granted.getOrDefault(unix ? PipeAccess.GROUP_PREFIX + group : group, List.of()));
		}
		return authorities.stream().map(SimpleGrantedAuthority::new).toList();
	}

}
