package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Repair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.StringUtils;

/**
 * Settings of Confiture: of the application, of its database {@code default}, and of further databases by their names.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(prefix = "confiture", ignoreUnknownFields = false)
public final class ConfitureProperties extends DatabaseProperties {

    /** Whether anything of Confiture takes part in this application. */
    private boolean enabled = true;

    /** What this process is started for, instead of what the mode says; it ends when that is done. */
    private @Nullable RunOperation run;

    /** Databases beside the one that the application works on by default, by their names. */
    private Map<String, NamedDatabase> databases = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable RunOperation getRun() {
        return run;
    }

    public void setRun(@Nullable RunOperation run) {
        this.run = run;
    }

    public Map<String, NamedDatabase> getDatabases() {
        return databases;
    }

    public void setDatabases(Map<String, NamedDatabase> databases) {
        this.databases = databases;
    }

    /** The settings of a database: those of a name that is not known are the application's. */
    DatabaseProperties of(String database) {
        NamedDatabase named = databases.get(database);
        return named == null ? this : named;
    }

    NamedDatabase named(String database) {
        NamedDatabase named = databases.get(database);
        if (named == null) {
            throw new IllegalArgumentException("There is no database '" + database + "' below confiture.databases");
        }
        return named;
    }

    /** What happens to a database at the start: a named one follows the application's mode unless it has its own. */
    MigrateMode modeOf(String database) {
        MigrateMode applications = getMigrate().getMode();
        NamedDatabase named = databases.get(database);
        return named == null ? applications : named.getMigrate().modeOr(applications);
    }

    /** The environment of a database: a named one is in the application's unless it has its own. */
    @Nullable
    String environmentOf(String database) {
        NamedDatabase named = databases.get(database);
        return named == null || named.getEnvironment() == null ? getEnvironment() : named.getEnvironment();
    }

    /** The last migration of a database to apply, or null for all. */
    @Nullable
    String targetOf(String database) {
        DatabaseProperties own = own(database);
        return own == null ? null : textOrNull(own.getMigrate().getTarget());
    }

    /** The last migration of a database to record as applied without running it, or null. */
    @Nullable
    String baselineVersionOf(String database) {
        DatabaseProperties own = own(database);
        return own == null ? null : textOrNull(own.getMigrate().getBaselineVersion());
    }

    /** What a repair of the database is to put right. */
    Repair repairOf(String database) {
        DatabaseProperties own = own(database);
        return own == null ? Repair.nothing() : own.getRepair().wanted();
    }

    /** How long mode {@code wait} waits: for a named database as long as the application does, unless it has its own. */
    Duration waitTimeoutOf(String database) {
        DatabaseProperties own = own(database);
        Duration timeout = own == null ? null : own.getMigrate().getWaitTimeout();
        Duration applications = getMigrate().getWaitTimeout();
        return timeout != null ? timeout : applications != null ? applications : Duration.ofMinutes(5);
    }

    private @Nullable DatabaseProperties own(String database) {
        return database.equals(MigratorBeans.DEFAULT_DATABASE) ? this : databases.get(database);
    }

    /** A placeholder that resolves to nothing is a property that is not set. */
    private static @Nullable String textOrNull(@Nullable String value) {
        return StringUtils.hasText(value) ? value : null;
    }

    /** How long a hook of a database may take without a warning: the application's threshold unless it has its own. */
    Duration slowHookThresholdOf(String database) {
        NamedDatabase named = databases.get(database);
        Duration own = named == null ? null : named.getHooks().getSlowThreshold();
        Duration applications = getHooks().getSlowThreshold();
        return own != null ? own : applications != null ? applications : Duration.ofSeconds(1);
    }

    /** Whether the mode is that of some database. */
    boolean isMode(MigrateMode mode) {
        return getMigrate().getMode() == mode
                || databases.keySet().stream().anyMatch(database -> modeOf(database) == mode);
    }

    /**
     * A database that has a name.
     *
     * @since 0.1.0
     */
    public static final class NamedDatabase extends DatabaseProperties {

        /** Name of the DataSource bean of this database, unless it has a URL of its own. */
        private @Nullable String dataSource;

        public @Nullable String getDataSource() {
            return dataSource;
        }

        public void setDataSource(@Nullable String dataSource) {
            this.dataSource = dataSource;
        }
    }
}
