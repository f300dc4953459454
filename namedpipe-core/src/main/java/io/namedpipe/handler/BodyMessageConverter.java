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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;

import io.namedpipe.protocol.PipeBody;

/**
 * Gives converters a text in UTF-8 in place of a body that is still arriving: none of
 * Spring's takes a stream.
 */
final class BodyMessageConverter extends CompositeMessageConverter {

	BodyMessageConverter(Collection<MessageConverter> converters) {
		super(converters);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		Message<?> text = text(message);
		return targetClass.isInstance(text.getPayload()) ? text.getPayload() : super.fromMessage(text, targetClass);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
		Message<?> text = text(message);
		return targetClass.isInstance(text.getPayload()) ? text.getPayload()
				: super.fromMessage(text, targetClass, conversionHint);
	}

	private static Message<?> text(Message<?> message) {
		if (!(message.getPayload() instanceof InputStream stream)) {
			return message;
		}
		try {
			byte[] bytes = PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The body")
				.bytes(ExchangeArgumentResolver.MAX_BODY_BYTES);
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			return MessageBuilder.createMessage(text, message.getHeaders());
		}
		catch (CharacterCodingException ex) {
			throw new MessageConversionException(message, "The body is not UTF-8", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
