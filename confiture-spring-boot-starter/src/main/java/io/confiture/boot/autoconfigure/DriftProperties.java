package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.verification.DriftOptions;
import io.confiture.verification.DriftOptions.Against;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.StringUtils;

/**
 * What a live database is compared with.
 *
 * @since 0.1.0
 */
public final class DriftProperties {

    /** What a database is compared with. If not set, the expected catalog if there is one, otherwise nothing. */
    private @Nullable Against against;

    /**
     * Place of a catalog that was written when the application was built: "classpath:" or "file:" and a file. With it, the
     * role needs no right to create databases.
     */
    private @Nullable String expected;

    /** Comma-separated list of the schemas that are compared. If not set, all are. */
    private List<String> schemas = new ArrayList<>();

    /** Whether owners count. */
    private boolean owners;

    /** Whether grants and default privileges count. */
    private boolean grants;

    /** How long a comparison counts in health. Seconds if no unit is given. If not set, health does not compare. */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration health;

    public @Nullable Against getAgainst() {
        return against;
    }

    public void setAgainst(@Nullable Against against) {
        this.against = against;
    }

    public @Nullable String getExpected() {
        return expected;
    }

    public void setExpected(@Nullable String expected) {
        this.expected = expected;
    }

    public List<String> getSchemas() {
        return schemas;
    }

    public void setSchemas(List<String> schemas) {
        this.schemas = schemas;
    }

    public boolean isOwners() {
        return owners;
    }

    public void setOwners(boolean owners) {
        this.owners = owners;
    }

    public boolean isGrants() {
        return grants;
    }

    public void setGrants(boolean grants) {
        this.grants = grants;
    }

    public @Nullable Duration getHealth() {
        return health;
    }

    public void setHealth(@Nullable Duration health) {
        this.health = health;
    }

    /** Whether a database is to be compared at all: replaying migrations on a live server is nobody's default. */
    boolean isSaid() {
        return against != null || StringUtils.hasText(expected);
    }

    /**
     * @param prefix of these properties, to name them
     * @param target the last migration that the database is to have; null for all
     */
    DriftOptions options(String prefix, @Nullable String target) {
        String catalog = StringUtils.hasText(expected) ? expected : null;
        boolean written = catalog != null;
        if (against != null && written != (against == Against.EXPECTED)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    written
                            ? prefix + ".expected names a catalog, and " + prefix + ".against says "
                                    + PropertyNames.valueOf(against)
                            : prefix + ".against says expected, and " + prefix + ".expected names no catalog",
                    written ? "Remove one of the two." : "Set " + prefix + ".expected, or remove the other.");
        }
        DriftOptions options = catalog != null
                ? DriftOptions.expected(catalog)
                : against == Against.SCHEMA
                        ? DriftOptions.schema()
                        : DriftOptions.migrations().withTarget(target);
        options = owners ? options.withOwners() : options;
        options = grants ? options.withGrants() : options;
        return options.withSchemas(schemas.toArray(String[]::new));
    }
}
