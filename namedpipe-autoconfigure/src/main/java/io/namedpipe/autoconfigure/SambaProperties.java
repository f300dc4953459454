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

package io.namedpipe.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Settings of pipes that are served to other machines behind Samba, on Linux.
 *
 * @param socketDirectory Directory of the sockets that smbd connects to, one for each
 * pipe that does not reject remote clients. By default none.
 * @param socketActivation Whether pipes that do not reject remote clients use the
 * listening sockets that systemd passes, each with the name of its pipe.
 * @param peerUid Uid that smbd runs as, if not root. Its user can claim to be any client.
 * @since 0.1.0
 */
public record SambaProperties(@Nullable Path socketDirectory, boolean socketActivation, long peerUid) {

}
