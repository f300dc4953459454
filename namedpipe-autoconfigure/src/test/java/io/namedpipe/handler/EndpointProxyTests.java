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

package io.namedpipe.handler;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.framework.ProxyFactory;
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

/**
 * Endpoints behind proxies.
 */
@Timeout(120)
class EndpointProxyTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void proxiesByClassAreServedThroughTheirAdvice() {
		EndpointAssertions.assertServes(with(AdvisedByClass.class), "advised named x");
	}

	@Test
	void proxyByInterfaceThatHidesTheMethodIsRefused() {
		EndpointAssertions.assertRefused(with(AdvisedByInterface.class, WithInterface.class), "read", "proxy");
	}

	@Test
	void proxyByInterfaceOfABeanMethodsResultIsNotPassedOver() {
		EndpointAssertions.assertRefused(with(AdvisedByInterface.class, BeanMethodWithInterface.class), "read",
				"proxy");
	}

	@Test
	void proxyByInterfaceThatHasTheMethodIsServedThroughItsAdvice() {
		EndpointAssertions.assertServes(with(AdvisedByInterface.class, BeanMethodWithMappedInterface.class),
				"advised mapped x");
	}

	@Test
	void proxyThatABeanMethodMakesIsServedThroughItsAdvice() {
		EndpointAssertions.assertServes(with(BeanMethodWithProxy.class), "made mapped x");
	}

	@Test
	void scopedProxyByInterfaceIsServed() {
		EndpointAssertions.assertServes(with(ScopedByMappedInterface.class), "scoped mapped x");
	}

	@Test
	void scopedProxyByInterfaceThatHidesTheMethodIsRefused() {
		EndpointAssertions.assertRefused(with(ScopedByInterface.class), "read", "proxy");
	}

	@Test
	void privateMethodOfAProxyIsRefused() {
		EndpointAssertions.assertRefused(with(AdvisedPrivateMethod.class), "read", "proxy");
	}

	private ApplicationContextRunner with(Class<?>... configuration) {
		return this.runner.withUserConfiguration(configuration);
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
	static class BeanMethodWithProxy {

		@Bean
		Mapped endpoint() {
			ProxyFactory factory = new ProxyFactory(new WithMappedInterface());
			factory.addAdvice((MethodInterceptor) (invocation) -> "made " + invocation.proceed());
			return (Mapped) factory.getProxy();
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
