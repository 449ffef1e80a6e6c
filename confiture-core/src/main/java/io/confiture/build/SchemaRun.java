package io.confiture.build;

import io.confiture.config.SeedConfig;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.ServerFacts;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs sources on a connection, which is given back as it came. */
final class SchemaRun {
    private static final Logger log = LoggerFactory.getLogger(SchemaRun.class);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final List<SchemaFile> files;
    private final SeedConfig seeds;
    private final ExecuteOptions options;
    /** Whether what is there may be dropped only when the database is confirmed. */
    private final boolean guarded;

    SchemaRun(List<SchemaFile> files, SeedConfig seeds, ExecuteOptions options, boolean guarded) {
        this.files = files;
        this.seeds = seeds;
        this.options = options;
        this.guarded = guarded;
    }

    BuildResult on(ConnectionSource source) {
        try (Session session = Session.open(source)) {
            ServerFacts facts = ServerFacts.read(session);
            requireAllowed(facts);
            boolean pooler = facts.backendPid() != session.driverPid();
            if (pooler && options.transaction() != TransactionMode.SINGLE) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The connection goes through a transaction pooler, where what a file sets does not hold in the"
                                + " next transaction. Nothing was run",
                        "Run the schema in one transaction, or past the pooler.");
            }
            String name = "confiture build since " + Instant.now().toString().substring(0, 19) + "Z";
            session.begin(new SessionSettings.Ours(LOCK_TIMEOUT, name), pooler);
            BuildResult result = new Execution(session, files, seeds, options).run();
            result.seeds().stream()
                    .filter(file -> file.failure() != null)
                    .forEach(file -> log.warn("A seed file was not loaded: {}", file.failure()));
            log.info(
                    "Built the schema of {} files in {} ms on database {}: {}",
                    result.files(),
                    result.duration().toMillis(),
                    facts.database(),
                    result.created());
            return result;
        } catch (MigrationException e) {
            throw e.code() == ErrorCode.INSIDE_TRANSACTION ? insideTransaction(e) : e;
        } catch (SQLException e) {
            throw BuildFailure.of(null, null, e, "Nothing was changed");
        }
    }

    /** Within the transaction that is open on a session. */
    BuildResult within(Session session) {
        if (options.transaction() != TransactionMode.SINGLE) {
            throw new IllegalArgumentException(
                    "Within a transaction everything is one transaction, not " + options.transaction());
        }
        try {
            requireAllowed(ServerFacts.read(session));
        } catch (SQLException e) {
            throw BuildFailure.of(null, null, e, "Nothing was changed");
        }
        return new Execution(session, files, seeds, options).runWithin();
    }

    private static SchemaException insideTransaction(MigrationException e) {
        return new SchemaException(
                ErrorCode.INSIDE_TRANSACTION,
                "The connection given to SchemaBuilder has a transaction open; nothing was done",
                "Commit or roll back before; the build begins its own.",
                e);
    }

    private void requireAllowed(ServerFacts facts) {
        if (options.dropExisting().isEmpty()) {
            return;
        }
        String confirmed = options.confirmedDatabase();
        String what = "What is in " + String.join(", ", options.dropExisting()) + " of database " + facts.database()
                + " would be dropped";
        if (confirmed != null && !confirmed.equals(facts.database())) {
            throw new ConfigurationException(
                    ErrorCode.PROTECTED_DATABASE,
                    what + ", and confirmed was the database " + confirmed + ". Nothing was dropped",
                    "Connect to the database that is meant, or confirm this one.");
        }
        if (guarded && confirmed == null) {
            throw new ConfigurationException(
                    ErrorCode.PROTECTED_DATABASE,
                    what + ", and the database is protected (confiture.protected, or the environment production)."
                            + " Nothing was dropped",
                    "If that is meant, confirm it: withConfirmedDatabase(\"" + facts.database() + "\").");
        }
    }
}
