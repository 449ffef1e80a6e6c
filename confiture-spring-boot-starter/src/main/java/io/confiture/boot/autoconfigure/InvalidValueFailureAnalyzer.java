package io.confiture.boot.autoconfigure;

import io.confiture.error.EditDistance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/** Names the values of a {@code confiture.*} property that has only a few, the one that was probably meant first. */
@Order(0)
final class InvalidValueFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertyException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidPropertyException cause) {
        ConversionFailedException conversion = findCause(cause, ConversionFailedException.class);
        BindException binding = findCause(rootFailure, BindException.class);
        if (conversion == null
                || binding == null
                || !conversion.getTargetType().getType().isEnum()) {
            return null;
        }
        List<String> values = Arrays.stream(conversion.getTargetType().getType().getEnumConstants())
                .map(value -> PropertyNames.valueOf((Enum<?>) value))
                .toList();
        String written = String.valueOf(conversion.getValue());
        String nearest = values.stream()
                .min(Comparator.comparingInt(value ->
                        EditDistance.between(written.toLowerCase(Locale.ROOT).replace('_', '-'), value)))
                .orElseThrow();
        ConfigurationProperty property = binding.getProperty();
        return new FailureAnalysis(
                binding.getName() + " cannot be '" + written + "'"
                        + (property == null || property.getOrigin() == null ? "" : ", set in " + property.getOrigin())
                        + ". Nothing was done.",
                "Probably meant: " + nearest + ". It can be " + String.join(", ", values) + ".",
                cause);
    }
}
