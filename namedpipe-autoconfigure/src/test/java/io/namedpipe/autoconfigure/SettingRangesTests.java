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

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the ends of the ranges: the last value is allowed, and the next one is not.
 */
class SettingRangesTests {

	private static void check(String property, String value) {
		NamedPipeProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(property, value)))
			.bind("namedpipe", NamedPipeProperties.class)
			.get();
		NamedPipeProperties.Server server = properties.getServer();
		SettingRanges.check(server);
		SettingRanges.check(properties.getClient());
		SettingRanges.check(properties.getSmb());
		SettingRanges.check(properties.getSamba());
		assertThat(SettingRanges.impersonationThreads(server.getImpersonationThreads()))
			.isEqualTo(server.getImpersonationThreads());
		assertThat(SettingRanges.logLimit(server.getLogLimitPerUser()))
			.isEqualTo((int) server.getLogLimitPerUser().toBytes());
	}

	@ParameterizedTest
	@CsvSource({ "server.instances, 1 1000, 0 1001, from 1 to 1000",
			"server.max-connections, 1 100000, 0 100001, from 1 to 100000",
			"server.max-connections-per-user, 1 100000, 0 100001, from 1 to 100000",
			"server.reserved-connections, 0 99999, -1 100000, from 0 to 99999",
			"server.max-concurrent-requests, 1 100000, 0 100001, from 1 to 100000",
			"server.max-concurrent-requests-per-user, 1 100000, 0 100001, from 1 to 100000",
			"server.impersonation-threads, 1 1000, 0 1001, from 1 to 1000",
			"client.child.max-restarts, 0 1000000, -1 1000001, from 0 to 1000000",
			"client.pool.max-size, 1 100000, 0 100001, from 1 to 100000", "smb.port, 1 65535, 0 65536, from 1 to 65535",
			"samba.peer-uid, 0 4294967294, -1 4294967295, from 0 to 4294967294",
			"server.http.max-headers, 1 10000, 0 10001, from 1 to 10000" })
	void numbers(String setting, String allowed, String refused, String range) {
		assertRange(setting, allowed, refused, range);
	}

	@ParameterizedTest
	@CsvSource({ "server.in-buffer-size, 0B 1GB, -1B 1073741825B, from 0B to 1GB",
			"server.out-buffer-size, 0B 1GB, -1B 1073741825B, from 0B to 1GB",
			"server.max-message-size, 1B 1GB, 0B 1073741825B, from 1B to 1GB",
			"server.log-limit-per-user, 1KB 1GB, 1023B 1073741825B, from 1024B to 1GB",
			"server.http.max-head-size, 100B 16MB, 99B 16777217B, from 100B to 16MB",
			"server.http.max-line-size, 100B 16MB, 99B 16777217B, from 100B to 16MB",
			"server.http.max-body-size, 0B 1024TB, -1B 1025TB, from 0B to 1048576GB",
			"server.http.max-drained-size, 0B 1GB, -1B 1073741825B, from 0B to 1GB",
			"server.http.min-body-rate, 0B 1GB, -1B 1073741825B, from 0B to 1GB" })
	void sizes(String setting, String allowed, String refused, String range) {
		assertRange(setting, allowed, refused, range);
	}

	@ParameterizedTest
	@CsvSource({ "server.read-timeout, no limit", "server.write-timeout, no limit", "server.request-timeout, no limit",
			"server.idle-timeout, no limit", "server.total-timeout, no limit", "server.identity-max-age, never",
			"server.grace-period, no wait", "client.connect-timeout, one attempt",
			"client.wait-for-server, one attempt", "client.request-timeout, no limit", "client.total-timeout, no limit",
			"client.child.restart-delay, no wait", "client.child.close-timeout, no wait",
			"client.pool.max-idle-time, no kept connections", "client.pool.acquire-timeout, no wait" })
	void times(String setting, String zero) {
		assertRange(setting, "0 1ms 365d", "-1ms 1ns 999999ns P365DT0.001S", "from 1ms to 365d, or 0 for " + zero);
	}

	@Test
	void connectionsAreReservedOutOfAll() {
		String property = "namedpipe.server.pipes.files.reserved-connections";
		assertThatCode(() -> {
			SettingRanges.reservedConnections(property, 255, null);
			SettingRanges.reservedConnections(property, 4, 5);
			SettingRanges.reservedConnections(property, null, 1);
		}).doesNotThrowAnyException();
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> SettingRanges.reservedConnections(property, 5, 5))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(property))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("from 0 to 4", "which is 5"));
	}

	private static void assertRange(String setting, String allowed, String refused, String range) {
		String property = "namedpipe." + setting;
		assertThat(allowed.split(" "))
			.allSatisfy((value) -> assertThatCode(() -> check(property, value)).doesNotThrowAnyException());
		assertThat(refused.split(" "))
			.allSatisfy((value) -> assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> check(property, value))
				.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(property))
				.satisfies((ex) -> assertThat(ex.getReason()).endsWith(range + ".")));
	}

}
