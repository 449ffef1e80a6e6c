package io.confiture.boot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations and their keys.
 *
 * @since 0.1.0
 */
public enum ConfitureObservationDocumentation implements ObservationDocumentation {

    /** A run: one call that applies migrations or rolls them back. */
    MIGRATE("confiture.migrate") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultRunObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return RunLowCardinalityKeys.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return RunHighCardinalityKeys.values();
        }
    },

    /** One migration of a run, up or down. */
    MIGRATION("confiture.migration") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultMigrationObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return MigrationLowCardinalityKeys.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return MigrationHighCardinalityKeys.values();
        }
    };

    private final String name;

    ConfitureObservationDocumentation(String name) {
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getPrefix() {
        return "";
    }

    /** Keys of a run with few values. */
    public enum RunLowCardinalityKeys implements KeyName {
        DATABASE("database"),
        OPERATION("operation"),
        OUTCOME("outcome"),
        ERROR("error"),
        ERROR_CODE("error.code");

        private final String key;

        RunLowCardinalityKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of a run with many values. */
    public enum RunHighCardinalityKeys implements KeyName {
        RUN_ID("run.id"),
        TARGET("target"),
        COMMITTED("migrations.committed");

        private final String key;

        RunHighCardinalityKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of a migration with few values. */
    public enum MigrationLowCardinalityKeys implements KeyName {
        DATABASE("database"),
        DIRECTION("direction"),
        KIND("kind"),
        OUTCOME("outcome"),
        ERROR("error"),
        ERROR_CODE("error.code");

        private final String key;

        MigrationLowCardinalityKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of a migration with many values. */
    public enum MigrationHighCardinalityKeys implements KeyName {
        RUN_ID("run.id"),
        VERSION("migration.version"),
        NAME("migration.name");

        private final String key;

        MigrationHighCardinalityKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
