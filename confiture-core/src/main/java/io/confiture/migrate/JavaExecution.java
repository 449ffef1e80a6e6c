package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import io.confiture.postgres.Session;
import java.sql.SQLException;

/** Calls a Java migration within the open transaction and makes sure that the transaction is still the same behind it. */
final class JavaExecution {
    private static final String TRANSACTION = "SELECT pg_catalog.pg_current_xact_id()::text";

    private final Run run;
    private final Session session;
    private final JavaMigration migration;
    private final Direction direction;

    JavaExecution(Run run, Session session, JavaMigration migration, Direction direction) {
        this.run = run;
        this.session = session;
        this.migration = migration;
        this.direction = direction;
    }

    /** @throws JavaFailure if the code throws, or has ended or broken the transaction */
    void execute() throws SQLException {
        String transaction = transaction();
        MigrationContext context = new MigrationContext(
                run.id(), run.settings().environment(), session.jdbc(), session.sharedConnection(), run.metadata());
        try {
            if (direction == Direction.UP) {
                migration.up(context);
            } else {
                migration.down(context);
            }
        } catch (Exception | LinkageError | AssertionError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            boolean broken = session.isBroken();
            boolean ended = !broken && !session.inTransaction();
            if (!broken) {
                session.restoreAutoCommit();
            }
            throw JavaFailure.thrown(migration, e, ended);
        }
        if (session.restoreAutoCommit()) {
            throw JavaFailure.because(migration, "it switched auto-commit off on the connection of the migration");
        }
        if (session.inFailedTransaction()) {
            throw JavaFailure.because(
                    migration, "one of its statements failed, and it went on as if nothing had happened");
        }
        if (!session.inTransaction() || !transaction.equals(transaction())) {
            throw JavaFailure.endedTransaction(migration);
        }
    }

    private String transaction() throws SQLException {
        return session.query(TRANSACTION, rs -> rs.getString(1)).get(0);
    }
}
