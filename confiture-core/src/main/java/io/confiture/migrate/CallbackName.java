package io.confiture.migrate;

import io.confiture.error.EditDistance;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names of scripts that run around migrations: the two there are, and those that people expect who come from Flyway. */
final class CallbackName {
    private static final int SLIP = 2;

    private static final String HOOK = "a MigrationHook ";
    private static final String BEFORE = Callbacks.Moment.BEFORE.fileName;
    private static final String AFTER = Callbacks.Moment.AFTER.fileName;

    /** What to use instead. */
    private static final Map<String, String> FLYWAY = Map.ofEntries(
            Map.entry("beforeeachmigrate", HOOK + "at BEFORE_EXECUTE"),
            Map.entry("aftereachmigrate", HOOK + "at AFTER_EXECUTE or AFTER_COMMIT"),
            Map.entry("aftereachmigrateerror", HOOK + "at ON_ERROR"),
            Map.entry("beforeeachmigratestatement", "the statement in the migration itself"),
            Map.entry("aftereachmigratestatement", "the statement in the migration itself"),
            Map.entry("aftereachmigratestatementerror", HOOK + "at ON_ERROR"),
            Map.entry("aftermigrateapplied", AFTER + ", which runs only when something was applied"),
            Map.entry("aftermigrateerror", HOOK + "at ON_ERROR"),
            Map.entry("beforeversioned", BEFORE),
            Map.entry("afterversioned", AFTER + ", or R__{name}.sql"),
            Map.entry("beforerepeatables", "R__{name}.sql with a name that sorts first"),
            Map.entry("afterrepeatables", AFTER),
            Map.entry("beforevalidate", HOOK + "at BEFORE_VALIDATE"),
            Map.entry("aftervalidate", HOOK + "at AFTER_VALIDATE"),
            Map.entry("beforeundo", HOOK + "at BEFORE_RUN"),
            Map.entry("afterundo", HOOK + "at AFTER_RUN"),
            Map.entry("beforeeachundo", HOOK + "at BEFORE_ROLLBACK"),
            Map.entry("aftereachundo", HOOK + "at AFTER_ROLLBACK"),
            Map.entry("beforeconnect", "confiture.init-sql"),
            Map.entry("afterconnect", "confiture.init-sql"),
            Map.entry("createschema", "confiture.migrate.create-schema"));

    private CallbackName() {}

    /** The callback that a file is or was meant to be; null for other names. */
    static @Nullable MigrationFileName of(String fileName) {
        for (Callbacks.Moment moment : Callbacks.Moment.values()) {
            if (fileName.equals(moment.fileName)) {
                return new MigrationFileName.Callback(moment);
            }
        }
        String stem = fileName.substring(0, fileName.length() - ".sql".length());
        int description = stem.indexOf("__");
        String event = (description < 0 ? stem : stem.substring(0, description)).toLowerCase(Locale.ROOT);
        String instead = FLYWAY.get(event);
        if (instead != null) {
            return new MigrationFileName.Broken("is a callback of Flyway that does not exist here", instead);
        }
        String nearest = Stream.of(BEFORE, AFTER)
                .min(Comparator.comparingInt(name -> distance(event, name)))
                .orElseThrow();
        if (distance(event, nearest) > SLIP) {
            return null;
        }
        return description < 0
                ? new MigrationFileName.Broken("is not the name of a callback", nearest)
                : new MigrationFileName.Broken(
                        "has a description, and a callback has none", nearest + ", one in each location");
    }

    private static int distance(String event, String fileName) {
        String plain = event.replace("_", "").replace("-", "");
        return EditDistance.between(plain + ".sql", fileName.toLowerCase(Locale.ROOT));
    }
}
