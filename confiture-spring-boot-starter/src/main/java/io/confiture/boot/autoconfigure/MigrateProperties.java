package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Adoption;
import io.confiture.migrate.Naming;
import io.confiture.migrate.Policy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;

/**
 * Settings of migrations.
 *
 * @since 0.1.0
 */
public final class MigrateProperties {

    /** What happens to the database when the application starts. */
    private @Nullable MigrateMode mode;

    /**
     * Comma-separated list of the places of the migrations, each "classpath:" or "file:" followed by a folder. A
     * place set here must exist.
     */
    private @Nullable List<String> locations;

    /** Which names of files are read. */
    private Naming naming = Naming.CONFITURE;

    /** What to do about the history of another tool where the ledger was never written to. */
    private Adoption adopt = Adoption.FAIL;

    /**
     * Name of the history of Flyway, looked for on the search path and in the schema of the ledger, or schema and name
     * with a dot between.
     */
    private String flywayTable = "flyway_schema_history";

    /** Name of the ledger, the table that says what is applied. */
    private String table = "tb_confiture";

    /**
     * Schema of the ledger. If not set, it is where a ledger is found on the search path, otherwise the current
     * schema.
     */
    private @Nullable String schema;

    /** Whether to create the schema of the ledger if it does not exist. */
    private boolean createSchema;

    /** Last migration to apply, as version or as version and name. If not set, all are applied. */
    private @Nullable String target;

    /** Last migration that a baseline records as applied without running it. */
    private @Nullable String baselineVersion;

    /** How long mode "wait" waits until another process has migrated. Seconds if no unit is given. */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration waitTimeout;

    /** What to do about a pending migration that is older than an applied one. */
    private Policy outOfOrder = Policy.FAIL;

    /** What to do about an applied migration whose file is gone. */
    private Policy missing = Policy.FAIL;

    /** What to do about an applied migration whose file has changed. */
    private Policy changed = Policy.FAIL;

    /** How long a statement waits for a lock on a table, so how long others queue behind it. Seconds if no unit is given; zero waits for ever. */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration lockTimeout = Duration.ofSeconds(5);

    /** How long to wait while another instance migrates. Seconds if no unit is given. */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration lockWait = Duration.ofMinutes(5);

    /** How often a migration that met the lock timeout or a deadlock is tried again. */
    private int retries = 10;

    /** How long one statement may run. Seconds if no unit is given. If not set, what the role or the database says. */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration statementTimeout;

    /**
     * Comma-separated list of the labels of this run: a migration that has labels is applied only where one of them
     * is among these. If not set, the name of the environment.
     */
    private @Nullable List<String> labels;

    /** Values that stand for "${name}" in scripts, by name. */
    private Map<String, String> placeholders = new LinkedHashMap<>();

    public MigrateMode getMode() {
        return mode == null ? MigrateMode.MIGRATE : mode;
    }

    /** What was set, or something else if nothing was. */
    MigrateMode modeOr(MigrateMode otherwise) {
        return mode == null ? otherwise : mode;
    }

    public void setMode(MigrateMode mode) {
        this.mode = mode;
    }

    public @Nullable List<String> getLocations() {
        return locations;
    }

    public void setLocations(@Nullable List<String> locations) {
        this.locations = locations;
    }

    public Naming getNaming() {
        return naming;
    }

    public void setNaming(Naming naming) {
        this.naming = naming;
    }

    public Adoption getAdopt() {
        return adopt;
    }

    public void setAdopt(Adoption adopt) {
        this.adopt = adopt;
    }

    public String getFlywayTable() {
        return flywayTable;
    }

    public void setFlywayTable(String flywayTable) {
        this.flywayTable = flywayTable;
    }

    public String getTable() {
        return table;
    }

    public void setTable(String table) {
        this.table = table;
    }

    public @Nullable String getSchema() {
        return schema;
    }

    public void setSchema(@Nullable String schema) {
        this.schema = schema;
    }

    public boolean isCreateSchema() {
        return createSchema;
    }

    public void setCreateSchema(boolean createSchema) {
        this.createSchema = createSchema;
    }

    public @Nullable String getTarget() {
        return target;
    }

    public void setTarget(@Nullable String target) {
        this.target = target;
    }

    public @Nullable String getBaselineVersion() {
        return baselineVersion;
    }

    public void setBaselineVersion(@Nullable String baselineVersion) {
        this.baselineVersion = baselineVersion;
    }

    public @Nullable Duration getWaitTimeout() {
        return waitTimeout;
    }

    public void setWaitTimeout(@Nullable Duration waitTimeout) {
        this.waitTimeout = waitTimeout;
    }

    public Policy getOutOfOrder() {
        return outOfOrder;
    }

    public void setOutOfOrder(Policy outOfOrder) {
        this.outOfOrder = outOfOrder;
    }

    public Policy getMissing() {
        return missing;
    }

    public void setMissing(Policy missing) {
        this.missing = missing;
    }

    public Policy getChanged() {
        return changed;
    }

    public void setChanged(Policy changed) {
        this.changed = changed;
    }

    public Duration getLockTimeout() {
        return lockTimeout;
    }

    public void setLockTimeout(Duration lockTimeout) {
        this.lockTimeout = lockTimeout;
    }

    public Duration getLockWait() {
        return lockWait;
    }

    public void setLockWait(Duration lockWait) {
        this.lockWait = lockWait;
    }

    public int getRetries() {
        return retries;
    }

    public void setRetries(int retries) {
        this.retries = retries;
    }

    public @Nullable Duration getStatementTimeout() {
        return statementTimeout;
    }

    public void setStatementTimeout(@Nullable Duration statementTimeout) {
        this.statementTimeout = statementTimeout;
    }

    public @Nullable List<String> getLabels() {
        return labels;
    }

    public void setLabels(@Nullable List<String> labels) {
        this.labels = labels;
    }

    public Map<String, String> getPlaceholders() {
        return placeholders;
    }

    public void setPlaceholders(Map<String, String> placeholders) {
        this.placeholders = placeholders;
    }
}
