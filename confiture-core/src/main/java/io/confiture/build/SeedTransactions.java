package io.confiture.build;

import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.List;

/** What the settings of seeds can mean for the seeds among the sources of a schema, which are run with it. */
final class SeedTransactions {
    private SeedTransactions() {}

    static boolean sequential(SeedConfig seeds) {
        return seeds.executionMode() == ExecutionMode.SEQUENTIAL;
    }

    /** Whether each file is committed by itself. */
    static boolean each(SeedConfig seeds) {
        return sequential(seeds) && seeds.transactionMode() == SeedConfig.TransactionMode.TRANSACTION;
    }

    /** @throws ConfigurationException if the seeds cannot be run as the settings say */
    static void requirePossible(SeedConfig seeds, List<SchemaFile> files, TransactionMode mode) {
        if (files.stream().noneMatch(SchemaFile::seed)) {
            return;
        }
        if (seeds.continueOnError() && !sequential(seeds)) {
            throw impossible(
                    "seed.continue_on_error: true (confiture.build.seeds.on-error)",
                    "goes on behind a seed file that fails, and with seed.execution_mode: concatenate all files are one",
                    "Set seed.execution_mode: sequential, or seed.continue_on_error: false.");
        }
        if (mode != TransactionMode.SINGLE) {
            return;
        }
        if (each(seeds)) {
            throw impossible(
                    "seed.transaction_mode: transaction (confiture.build.seeds.transaction)",
                    "commits each seed file by itself, and here schema and seeds are one transaction, everything or nothing",
                    "Set seed.transaction_mode: savepoint, or " + ELSEWHERE);
        }
        if (seeds.continueOnError()) {
            throw impossible(
                    "seed.continue_on_error: true (confiture.build.seeds.on-error)",
                    "leaves a seed file out that fails, and here schema and seeds are one transaction, everything or nothing",
                    "Set seed.continue_on_error: false, or " + ELSEWHERE);
        }
    }

    private static final String ELSEWHERE =
            "build with TransactionMode.PER_FILE, or without seeds and load them with" + " SeedLoader afterwards.";

    private static ConfigurationException impossible(String setting, String problem, String hint) {
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION, setting + " " + problem + ". Nothing was run", hint);
    }

    /** The same with savepoints for transactions: for a database that is dropped, where nothing has to stay. */
    static SeedConfig undivided(SeedConfig seeds) {
        return new SeedConfig(
                seeds.dirs(),
                seeds.executionMode(),
                seeds.continueOnError(),
                SeedConfig.TransactionMode.SAVEPOINT,
                seeds.profiles(),
                seeds.profile());
    }
}
