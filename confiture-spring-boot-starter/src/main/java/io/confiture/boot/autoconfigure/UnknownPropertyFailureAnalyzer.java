package io.confiture.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Names the property that does not exist, where it was set, and the one that was probably meant. */
@Order(0)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<String> unknown = new ArrayList<>();
        List<String> meant = new ArrayList<>();
        for (ConfigurationProperty property : cause.getUnboundProperties()) {
            String name = property.getName().toString();
            if (!name.startsWith("confiture.")) {
                return null;
            }
            unknown.add(name + (property.getOrigin() == null ? "" : ", set in " + property.getOrigin()));
            meant.add(PropertyNames.nearest(name) + " (instead of " + name + ")");
        }
        return new FailureAnalysis(
                "Confiture has no property of this name:\n\n    " + String.join("\n    ", unknown),
                "Correct or remove it. Probably meant:\n\n    " + String.join("\n    ", meant),
                cause);
    }
}
