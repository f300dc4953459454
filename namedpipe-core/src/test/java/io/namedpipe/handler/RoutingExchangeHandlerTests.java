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

import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.Impersonation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of endpoints whose protocol has routes that are names, and of the order in which
 * a request ends.
 */
@Timeout(120)
class RoutingExchangeHandlerTests {

	private final List<String> events = new ArrayList<>();

	private final ImpersonationExecutor executor = new ImpersonationExecutor(1);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
		this.executor.destroy();
	}

	private ExchangeHandler handler(Class<?>... endpoints) {
		this.context.getBeanFactory().registerScope(PipeRequestScope.NAME, new PipeRequestScopeHandler());
		this.context.getBeanFactory().registerSingleton("events", this.events);
		this.context.register(endpoints);
		this.context.refresh();
		PipeEndpoints pipeEndpoints = new PipeEndpoints(this.context.getBeanFactory(), List.of(),
				List.of(new WrongResolver()), null, this.executor, List.of(), FileOpener.portable());
		pipeEndpoints.check((check) -> {
		});
		return pipeEndpoints.find(Set.of()).values().iterator().next().apply(new Named());
	}

	private PipeExchange call(ExchangeHandler handler, String route) throws Exception {
		PipeExchange exchange = Sessions.connection(new ScriptedChannel() {

			@Override
			public Impersonation impersonation() {
				return new FakeImpersonation();
			}

		}).begin(new PipeRequest(route, Map.of(), PipeBody.of("text")), new Recording(this.events));
		try {
			handler.handle(exchange);
		}
		catch (PipeRequestException ex) {
			exchange.fail(ex);
		}
		return exchange;
	}

	@Test
	void routeLeadsToTheHandlerOfThisName() throws Exception {
		ExchangeHandler handler = handler(TwoRoutes.class);
		call(handler, "one");
		call(handler, "two");
		call(handler, "three");
		call(handler, "");
		assertThat(this.events).containsExactly("reply first", "reply second",
				"NOT_FOUND there is no handler for the route 'three'",
				"NOT_FOUND there is no handler for the route ''");
	}

	@Test
	void routeWithTwoHandlersIsRefused() {
		assertThatExceptionOfType(InvalidPipeEndpointException.class)
			.isThrownBy(() -> handler(TwoRoutes.class, OtherOne.class))
			.withMessageContainingAll("The route 'one' has two handlers", "TwoRoutes.first", "OtherOne.first");
	}

	@Test
	void argumentThatIsNotThatOfTheMethodIsNotMentioned() {
		ExchangeHandler handler = handler(TwoRoutes.class);
		assertThatIllegalStateException().isThrownBy(() -> call(handler, "wrong"))
			.withMessageContaining("TwoRoutes.wrong(")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("text"));
	}

	@Test
	void resourceThatIsNoFileIsNotOpenedAsTheCaller() throws Exception {
		ExchangeHandler handler = handler(Resources.class);
		call(handler, "bytes");
		assertThat(this.events).containsExactly("reply null");
		assertThatIllegalStateException().isThrownBy(() -> call(handler, "bytesAsCaller"))
			.withMessageContaining("is not a file, and cannot be opened as the caller");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> call(handler, "fileAsCaller"));
	}

	@Test
	void beansOfTheRequestEndBeforeTheClientHasItsReply() throws Exception {
		ExchangeHandler handler = handler(Scoped.class, Scope.class);
		call(handler, "now");
		assertThat(this.events).containsExactly("handled", "destroyed", "reply now");
	}

	@Test
	void beansOfTheRequestLiveUntilItsStageIsComplete() throws Exception {
		ExchangeHandler handler = handler(Scoped.class, Scope.class);
		CompletableFuture<String> result = this.context.getBean(Scoped.class).later;
		call(handler, "later");
		assertThat(this.events).containsExactly("handled");
		result.complete("later");
		assertThat(this.events).containsExactly("handled", "destroyed", "reply later");
	}

	@Test
	void errorOfAStageFailsTheRequest() throws Exception {
		ExchangeHandler handler = handler(Scoped.class, Scope.class);
		CompletableFuture<String> result = this.context.getBean(Scoped.class).later;
		PipeExchange exchange = call(handler, "later");
		result.completeExceptionally(new AssertionError("no"));
		assertThat(exchange.isAnswered()).isTrue();
		assertThat(this.events).hasSize(3).element(1).asString().startsWith("INTERNAL ");
	}

	@Test
	void resultOfAStageThatCannotBeSentFailsTheRequest() throws Exception {
		ExchangeHandler handler = handler(Scoped.class, Scope.class);
		CompletableFuture<Object> result = this.context.getBean(Scoped.class).broken;
		call(handler, "broken");
		result.complete(new UnreadableText());
		assertThat(this.events).hasSize(3).element(1).asString().startsWith("INTERNAL ");
	}

	/**
	 * A text that cannot be read.
	 */
	private static final class UnreadableText implements CharSequence {

		@Override
		public int length() {
			throw new StackOverflowError("no");
		}

		@Override
		public char charAt(int index) {
			throw new StackOverflowError("no");
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			throw new StackOverflowError("no");
		}

		@Override
		public String toString() {
			throw new StackOverflowError("no");
		}

	}

	/**
	 * Gives the content of the request for a thread.
	 */
	private static final class WrongResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Thread.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return message.getPayload();
		}

	}

	private record Recording(List<String> events) implements PipeExchange.Responder {

		@Override
		public void reply(PipeReply reply) {
			this.events.add("reply " + reply.body().text());
		}

		@Override
		public void fail(PipeFailure failure) {
			this.events.add(failure.code() + " " + failure.message());
		}

	}

	/**
	 * A protocol whose routes are names.
	 */
	private static final class Named implements PipeProtocol {

		@Override
		public String name() {
			return "named";
		}

		@Override
		public ProtocolCapabilities capabilities() {
			return ProtocolCapabilities.of(Feature.ROUTES, Feature.REQUEST_BODY, Feature.REPLY_BODY);
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			throw new UnsupportedOperationException();
		}

	}

	@PipeEndpoint("files")
	static class TwoRoutes {

		@PipeMapping("one")
		String first(String text) {
			return "first";
		}

		@PipeMapping("two")
		String second(String text) {
			return "second";
		}

		@PipeMapping("wrong")
		String wrong(Thread thread) {
			return "wrong";
		}

	}

	@PipeEndpoint("files")
	static class Resources {

		@PipeMapping("bytes")
		Resource bytes() {
			return new ByteArrayResource(new byte[0]);
		}

		@PipeMapping("bytesAsCaller")
		@RunAsClient(RunAsClient.Extent.FILE)
		Resource bytesAsCaller() {
			return bytes();
		}

		@PipeMapping("fileAsCaller")
		@RunAsClient(RunAsClient.Extent.FILE)
		Resource fileAsCaller() {
			return new FileSystemResource("no-such-file");
		}

	}

	@PipeEndpoint("files")
	static class OtherOne {

		@PipeMapping("one")
		String first(String text) {
			return "other";
		}

	}

	@PipeRequestScope
	static class Scope implements DisposableBean {

		private final List<String> events;

		Scope(List<String> events) {
			this.events = events;
		}

		void handled() {
			this.events.add("handled");
		}

		@Override
		public void destroy() {
			this.events.add("destroyed");
		}

	}

	@PipeEndpoint("files")
	static class Scoped {

		final CompletableFuture<String> later = new CompletableFuture<>();

		final CompletableFuture<Object> broken = new CompletableFuture<>();

		private final Scope scope;

		Scoped(Scope scope) {
			this.scope = scope;
		}

		@PipeMapping("now")
		String now() {
			this.scope.handled();
			return "now";
		}

		@PipeMapping("later")
		CompletionStage<String> later() {
			this.scope.handled();
			return this.later;
		}

		@PipeMapping("broken")
		CompletionStage<Object> broken() {
			this.scope.handled();
			return this.broken;
		}

	}

}
