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

package io.namedpipe.listener.adapter;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Endpoints behind proxies.
 */
@Timeout(60)
class EndpointProxyTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void proxiesByClassAreServedThroughTheirAdvice() {
		assertServes("advised named x", AdvisedByClass.class);
	}

	@Test
	void proxyByInterfaceThatHidesTheMethodIsRefused() {
		assertRefused(AdvisedByInterface.class, WithInterface.class);
	}

	@Test
	void proxyByInterfaceOfABeanMethodsResultIsNotPassedOver() {
		assertRefused(AdvisedByInterface.class, BeanMethodWithInterface.class);
	}

	@Test
	void proxyByInterfaceThatHasTheMethodIsServedThroughItsAdvice() {
		assertServes("advised mapped x", AdvisedByInterface.class, BeanMethodWithMappedInterface.class);
	}

	@Test
	void scopedProxyByInterfaceIsServed() {
		assertServes("scoped mapped x", ScopedByMappedInterface.class);
	}

	@Test
	void scopedProxyByInterfaceThatHidesTheMethodIsRefused() {
		assertRefused(ScopedByInterface.class);
	}

	@Test
	void privateMethodOfAProxyIsRefused() {
		assertRefused(AdvisedPrivateMethod.class);
	}

	private void assertServes(String reply, Class<?>... configuration) {
		this.runner.withUserConfiguration(configuration)
			.run((context) -> assertThat(PipeRunner.ask(context, "files", "x")).isEqualTo(reply));
	}

	private void assertRefused(Class<?>... configuration) {
		this.runner.withUserConfiguration(configuration)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidPipeEndpointException.class)
				.hasMessageContaining("read")
				.hasMessageContaining("proxy"));
	}

	private static BeanNameAutoProxyCreator proxies(boolean byClass) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames("endpoint");
		creator.setInterceptorNames("advice");
		creator.setProxyTargetClass(byClass);
		return creator;
	}

	@PipeEndpoint("files")
	static class Named {

		@PipeMapping("read")
		String read(String name) {
			return "named " + name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Advice {

		@Bean
		MethodInterceptor advice() {
			return (invocation) -> "advised " + invocation.proceed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AdvisedByClass extends Advice {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return proxies(true);
		}

		@Bean
		Named endpoint() {
			return new Named();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AdvisedByInterface extends Advice {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return proxies(false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethodWithInterface {

		@Bean
		Object endpoint() {
			return new WithInterface();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethodWithMappedInterface {

		@Bean
		Object endpoint() {
			return new WithMappedInterface();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AdvisedPrivateMethod extends Advice {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return proxies(true);
		}

		@Bean
		WithPrivateMethod endpoint() {
			return new WithPrivateMethod();
		}

	}

	interface Other {

		String other();

	}

	@PipeEndpoint(pipe = "files", beanName = "endpoint")
	static class WithInterface implements Other {

		@PipeMapping
		String read(@Payload String name) {
			return "interface " + name;
		}

		@Override
		public String other() {
			return "other";
		}

	}

	interface Mapped {

		String read(String name);

	}

	@PipeEndpoint("files")
	static class WithMappedInterface implements Mapped {

		@Override
		@PipeMapping
		public String read(@Payload String name) {
			return "mapped " + name;
		}

	}

	@PipeEndpoint("files")
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedByMappedInterface implements Mapped {

		@Override
		@PipeMapping
		public String read(@Payload String name) {
			return "scoped mapped " + name;
		}

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedByInterface extends WithInterface {

	}

	@PipeEndpoint("files")
	static class WithPrivateMethod {

		@PipeMapping
		private String read(@Payload String name) {
			return "private " + name;
		}

	}

}
