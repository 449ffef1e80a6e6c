package io.confiture.boot.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.convert.DurationUnit;

/**
 * Settings of one database: below {@code confiture} those of the database {@code default}, below
 * {@code confiture.databases.<name>} those of another.
 *
 * @since 0.1.0
 */
public abstract sealed class DatabaseProperties permits ConfitureProperties, ConfitureProperties.NamedDatabase {

    /** Name of the environment, such as "production". Told to hooks and events. */
    private @Nullable String environment;

    /**
     * Place of a confiture.yaml, whose settings are read as if they were set here: "classpath:" or "file:" and a file, or a
     * folder that holds one.
     */
    private @Nullable String config;

    /** Folder that relative paths of the schema's files begin at. If not set, the working directory. */
    private @Nullable String projectDir;

    // Described in additional-spring-configuration-metadata.json, because no field can be named so.
    private boolean protectedDatabase;

    /** URL of the database to migrate, jdbc: or postgresql://. If not set, the application's DataSource is used. */
    private @Nullable String url;

    /** Role that migrates. If only this and the password are set, the rest comes from the application's DataSource. */
    private @Nullable String username;

    /** Password of the role that migrates. */
    private @Nullable String password;

    /** How often a connection is tried again when the database cannot be reached yet. */
    private int connectRetries = 10;

    /** SQL to run on each connection that migrates, before anything else, such as settings of the session. */
    private @Nullable String initSql;

    /** Role to take on with SET ROLE, which then owns what migrations create. */
    private @Nullable String role;

    @NestedConfigurationProperty
    private final MigrateProperties migrate = new MigrateProperties();

    @NestedConfigurationProperty
    private final BuildProperties build = new BuildProperties();

    @NestedConfigurationProperty
    private final VerifyProperties verify = new VerifyProperties();

    @NestedConfigurationProperty
    private final DriftProperties drift = new DriftProperties();

    @NestedConfigurationProperty
    private final RepairProperties repair = new RepairProperties();

    @NestedConfigurationProperty
    private final Hooks hooks = new Hooks();

    public @Nullable String getEnvironment() {
        return environment;
    }

    public void setEnvironment(@Nullable String environment) {
        this.environment = environment;
    }

    public @Nullable String getConfig() {
        return config;
    }

    public void setConfig(@Nullable String config) {
        this.config = config;
    }

    public @Nullable String getProjectDir() {
        return projectDir;
    }

    public void setProjectDir(@Nullable String projectDir) {
        this.projectDir = projectDir;
    }

    public boolean isProtected() {
        return protectedDatabase;
    }

    public void setProtected(boolean value) {
        this.protectedDatabase = value;
    }

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public int getConnectRetries() {
        return connectRetries;
    }

    public void setConnectRetries(int connectRetries) {
        this.connectRetries = connectRetries;
    }

    public @Nullable String getInitSql() {
        return initSql;
    }

    public void setInitSql(@Nullable String initSql) {
        this.initSql = initSql;
    }

    public @Nullable String getRole() {
        return role;
    }

    public void setRole(@Nullable String role) {
        this.role = role;
    }

    public MigrateProperties getMigrate() {
        return migrate;
    }

    public BuildProperties getBuild() {
        return build;
    }

    public VerifyProperties getVerify() {
        return verify;
    }

    public DriftProperties getDrift() {
        return drift;
    }

    public RepairProperties getRepair() {
        return repair;
    }

    public Hooks getHooks() {
        return hooks;
    }

    /** Settings of hooks. */
    public static final class Hooks {

        /** How long a hook may take inside a transaction without a warning. Seconds if no unit is given; zero for no warnings. */
        @DurationUnit(ChronoUnit.SECONDS)
        private @Nullable Duration slowThreshold;

        public @Nullable Duration getSlowThreshold() {
            return slowThreshold;
        }

        public void setSlowThreshold(@Nullable Duration slowThreshold) {
            this.slowThreshold = slowThreshold;
        }
    }
}
