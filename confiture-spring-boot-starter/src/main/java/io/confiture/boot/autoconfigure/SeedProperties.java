package io.confiture.boot.autoconfigure;

import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.config.SeedConfig.TransactionMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the data is that a built schema begins with, and how it is loaded.
 *
 * @since 0.1.0
 */
public final class SeedProperties {

    /** Comma-separated list of the folders of seed files, in order. */
    private List<String> dirs = new ArrayList<>();

    /** Name of the selection of seed files that is used. If not set, all are. */
    private @Nullable String profile;

    /** Selections of seed files by name, each with lists of globs to include and to exclude. */
    private Map<String, Profile> profiles = new LinkedHashMap<>();

    /** Whether seed files are run as one script or each for itself. */
    private ExecutionMode mode = ExecutionMode.CONCATENATE;

    /** What happens when a seed file fails. */
    private OnError onError = OnError.STOP;

    /** What surrounds each seed file in the mode "sequential". */
    private TransactionMode transaction = TransactionMode.SAVEPOINT;

    public List<String> getDirs() {
        return dirs;
    }

    public void setDirs(List<String> dirs) {
        this.dirs = dirs;
    }

    public @Nullable String getProfile() {
        return profile;
    }

    public void setProfile(@Nullable String profile) {
        this.profile = profile;
    }

    public Map<String, Profile> getProfiles() {
        return profiles;
    }

    public void setProfiles(Map<String, Profile> profiles) {
        this.profiles = profiles;
    }

    public ExecutionMode getMode() {
        return mode;
    }

    public void setMode(ExecutionMode mode) {
        this.mode = mode;
    }

    public OnError getOnError() {
        return onError;
    }

    public void setOnError(OnError onError) {
        this.onError = onError;
    }

    public TransactionMode getTransaction() {
        return transaction;
    }

    public void setTransaction(TransactionMode transaction) {
        this.transaction = transaction;
    }

    /** What a seed file that fails does to the others. */
    public enum OnError {
        /** Everything fails. */
        STOP,
        /** It is reported, and the others are loaded. */
        CONTINUE
    }

    /** A selection of seed files. */
    public static final class Profile {
        private List<String> include = new ArrayList<>();
        private List<String> exclude = new ArrayList<>();

        public List<String> getInclude() {
            return include;
        }

        public void setInclude(List<String> include) {
            this.include = include;
        }

        private SeedConfig.Profile asConfig() {
            return new SeedConfig.Profile(include.isEmpty() ? List.of("**/*.sql") : include, exclude);
        }

        public List<String> getExclude() {
            return exclude;
        }

        public void setExclude(List<String> exclude) {
            this.exclude = exclude;
        }
    }

    /** @param prefix of these properties, to name them */
    SeedConfig asConfig(String prefix) {
        String wanted = profile;
        if (wanted != null && !profiles.containsKey(wanted)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    prefix + ".profile is '" + profile + "', and there is no profile of that name. Nothing was done",
                    profiles.keySet().stream()
                            .min(Comparator.comparingInt(name -> EditDistance.between(name, wanted)))
                            .map(nearest -> "Did you mean '" + nearest + "'?")
                            .orElse("Say with " + prefix + ".profiles." + profile + ".include what belongs to it."));
        }
        if (mode != ExecutionMode.SEQUENTIAL
                && (onError == OnError.CONTINUE || transaction != TransactionMode.SAVEPOINT)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    prefix + (onError == OnError.CONTINUE ? ".on-error" : ".transaction")
                            + " takes effect in mode sequential alone. Nothing was done",
                    "Set " + prefix + ".mode=sequential.");
        }
        return asConfig();
    }

    SeedConfig asConfig() {
        return new SeedConfig(
                dirs,
                mode,
                onError == OnError.CONTINUE,
                transaction,
                profiles.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, named -> named.getValue().asConfig())),
                profile);
    }
}
