package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;

/**
 * Gives a start that fails on a {@code confiture.*} property the exit code of an invalid configuration, and lets it fail where
 * a value still holds <code>${name}</code>: Spring Boot takes one that nothing sets as it is written, and that would be the
 * name of a ledger, a schema, an environment. What a {@code confiture.yaml} says is compared once more with the properties, of
 * which there are all by now.
 */
final class PropertiesBindHandler extends AbstractBindHandler {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("confiture");

    private static final Pattern UNRESOLVED = Pattern.compile("\\$\\{([^{}:]+)[^{}]*}");

    private final Environment environment;

    PropertiesBindHandler(BindHandler parent, Environment environment) {
        super(parent);
        this.environment = environment;
    }

    @Override
    public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        if (PREFIX.equals(name)) {
            YamlSettings.requireHeld(environment);
        }
        return super.onStart(name, target, context);
    }

    @Override
    public @Nullable Object onSuccess(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        // A password may be anything, and a wrong one is refused by the server.
        if (isOurs(name) && !name.getLastElement(Form.UNIFORM).equals("password")) {
            Collection<?> values = result instanceof Collection<?> several ? several : List.of(result);
            values.forEach(value -> refuseUnresolved(name, value));
        }
        return super.onSuccess(name, target, context, result);
    }

    private static void refuseUnresolved(ConfigurationPropertyName name, Object value) {
        Matcher unresolved = UNRESOLVED.matcher(value instanceof String text ? text : "");
        if (unresolved.find()) {
            String variable = unresolved.group(1);
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    name + " needs ${" + variable + "}, which nothing sets. Nothing was done",
                    "Set " + variable + ", or give a value for when it is not set: ${" + variable + ":value}.");
        }
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
