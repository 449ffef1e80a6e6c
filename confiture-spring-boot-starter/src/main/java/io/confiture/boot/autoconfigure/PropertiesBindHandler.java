package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Gives a start that fails on a {@code confiture.*} property the exit code of an invalid configuration. */
final class PropertiesBindHandler extends AbstractBindHandler {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("confiture");

    PropertiesBindHandler(BindHandler parent) {
        super(parent);
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) throws Exception {
        try {
            return super.onFailure(name, target, context, error);
        } catch (Exception e) {
            throw isOurs(name) && !(e instanceof BindException) && !(e instanceof InvalidPropertyException)
                    ? new InvalidPropertyException(e)
                    : e;
        }
    }

    private static boolean isOurs(ConfigurationPropertyName name) {
        return PREFIX.equals(name) || PREFIX.isAncestorOf(name);
    }
}
