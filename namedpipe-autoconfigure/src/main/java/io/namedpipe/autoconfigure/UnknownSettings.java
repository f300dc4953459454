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

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.namedpipe.handler.PipeIds;
import io.namedpipe.protocol.PipeProtocolFactory;

/**
 * Warns of properties below {@code namedpipe} that nothing reads, since their names are
 * misspelled. They are no error, as with Spring Boot's own properties: other libraries
 * may have settings with such names, and a file may be for a later version. The value is
 * not logged, since it may be a password under a misspelled name.
 */
final class UnknownSettings extends AbstractBindHandler {

	private static final Log logger = LogFactory.getLog(UnknownSettings.class);

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("namedpipe");

	private static final ConfigurationPropertyName PIPES = ConfigurationPropertyName.of("namedpipe.server.pipes");

	private final Set<ConfigurationPropertyName> known = new HashSet<>();

	private final Set<ConfigurationPropertyName> lists = new HashSet<>();

	/** Where the values come from. A variable has more spellings than its name here. */
	private final Map<ConfigurationPropertyName, String> origins = new HashMap<>();

	private final TreeSet<String> ids = new TreeSet<>();

	private final ListableBeanFactory beanFactory;

	/**
	 * Create the handler, which notices what is bound and then looks at all properties.
	 * @param handler the handler that does what else is to do
	 * @param beanFactory the bean factory of the application
	 */
	UnknownSettings(BindHandler handler, ListableBeanFactory beanFactory) {
		super(handler);
		this.beanFactory = beanFactory;
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		if (ROOT.equals(name) || ROOT.isAncestorOf(name)) {
			this.known.add(name);
			if (Collection.class.isAssignableFrom(target.getType().toClass())) {
				this.lists.add(name);
			}
		}
		return super.onStart(name, target, context);
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		ConfigurationProperty property = context.getConfigurationProperty();
		if (property != null && ROOT.isAncestorOf(name)) {
			this.origins.put(name, String.valueOf(property.getOrigin()));
		}
		if (PIPES.isParentOf(name)) {
			this.ids.add(name.getLastElement(Form.ORIGINAL));
		}
		return super.onSuccess(name, target, context, result);
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		super.onFinish(name, target, context, result);
		if (!ROOT.equals(name)) {
			return;
		}
		// They read settings of pipes and of clients that only they know.
		boolean ownProtocols = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory,
				PipeProtocolFactory.class, true, false).length > 0;
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				check(iterable, ownProtocols);
			}
		}
	}

	private void check(IterableConfigurationPropertySource source, boolean ownProtocols) {
		Set<String> variables = new TreeSet<>();
		source.stream()
			.filter((name) -> ROOT.isAncestorOf(name) && !isKnown(name))
			.filter((name) -> !ownProtocols || !isOfPipe(name))
			.forEach((name) -> {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				String origin = (property != null) ? String.valueOf(property.getOrigin()) : "unknown";
				if (!(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
					logger.warn("There is no setting '%s', and it has no effect (originating from '%s'). There are: %s"
						.formatted(name, origin, String.join(", ", siblings(name))));
				}
				else if (!isRead(origin)) {
					variables.add(origin);
				}
			});
		if (!variables.isEmpty()) {
			logger.warn(
					"These variables are no settings, and have no effect: %s. In the name of a variable an underscore stands for a dot, and dashes are left out: the read-timeout of the pipe 'my-pipe' is NAMEDPIPE_SERVER_PIPES_MYPIPE_READTIMEOUT"
						.formatted(String.join(", ", variables)));
		}
	}

	// Of a list, elements may be hidden by a source that goes before this one.
	private boolean isKnown(ConfigurationPropertyName name) {
		return this.known.contains(name) || (name.isLastElementIndexed() && this.lists.contains(name.getParent()));
	}

	private static boolean isOfPipe(ConfigurationPropertyName name) {
		String part = name.getElement(1, Form.DASHED);
		return part.equals("server") || part.equals("client");
	}

	// Of two spellings of an id, the longer one is the pipe's.
	private boolean isRead(String origin) {
		return this.origins.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(origin))
			.map(Map.Entry::getKey)
			.anyMatch((name) -> !PIPES.isAncestorOf(name) || isPipe(name.getElement(3, Form.ORIGINAL)));
	}

	private boolean isPipe(String id) {
		return this.ids.stream()
			.noneMatch((other) -> other.length() > id.length() && PipeIds.find(id, Set.of(other)) != null);
	}

	// The names that exist at the first wrong part of the name.
	private Set<String> siblings(ConfigurationPropertyName name) {
		ConfigurationPropertyName parent = name.getParent();
		if (!this.known.contains(parent)) {
			return siblings(parent);
		}
		return this.known.stream()
			.filter((each) -> parent.isParentOf(each) && !each.isLastElementIndexed())
			.map((each) -> each.getLastElement(Form.DASHED))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
