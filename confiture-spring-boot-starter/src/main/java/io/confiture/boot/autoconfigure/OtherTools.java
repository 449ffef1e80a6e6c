package io.confiture.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Other tools that migrate at the start of the same application; they run before Confiture. */
final class OtherTools {
    private static final Logger log = LoggerFactory.getLogger(OtherTools.class);

    private static final Map<String, String> INITIALIZERS = Map.of(
            "org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer", "Flyway",
            "liquibase.integration.spring.SpringLiquibase", "Liquibase");

    private OtherTools() {}

    /** Says who comes first, where there is another. */
    static void warn(ListableBeanFactory beanFactory) {
        Map<String, String> found = new LinkedHashMap<>();
        INITIALIZERS.forEach((type, tool) -> {
            ClassLoader classLoader = OtherTools.class.getClassLoader();
            if (ClassUtils.isPresent(type, classLoader)) {
                for (String bean :
                        beanFactory.getBeanNamesForType(ClassUtils.resolveClassName(type, classLoader), true, false)) {
                    found.put(bean, tool);
                }
            }
        });
        found.forEach((bean, tool) -> log.warn(
                "{} migrates at the start of this application too (bean '{}'): {} runs first, then Confiture, then what uses"
                        + " the database. Neither knows of the other's migrations; let one of them own a schema",
                tool,
                bean,
                tool));
    }
}
