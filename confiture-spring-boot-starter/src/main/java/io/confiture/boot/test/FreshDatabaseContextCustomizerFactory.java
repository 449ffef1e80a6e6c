package io.confiture.boot.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link WithFreshDatabase} on test classes, and on those around them. */
final class FreshDatabaseContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        WithFreshDatabase annotation =
                TestContextAnnotationUtils.findMergedAnnotation(testClass, WithFreshDatabase.class);
        return annotation == null ? null : new FreshDatabaseContextCustomizer(testClass, annotation.url());
    }
}
