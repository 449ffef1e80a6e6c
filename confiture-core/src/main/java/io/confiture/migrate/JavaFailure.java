package io.confiture.migrate;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Java migration that failed, with the SQLSTATE of the statement it failed at, so that it is handled like one in SQL. */
final class JavaFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final boolean endedTransaction;

    private JavaFailure(String problem, @Nullable Throwable thrown, String where, boolean endedTransaction) {
        super(problem, thrown == null ? null : sqlState(thrown), thrown);
        this.where = where;
        this.endedTransaction = endedTransaction;
    }

    /** @param endedTransaction whether it had ended the transaction before */
    static JavaFailure thrown(JavaMigration migration, Throwable thrown, boolean endedTransaction) {
        return new JavaFailure(describe(thrown), thrown, place(migration, thrown), endedTransaction);
    }

    static JavaFailure because(JavaMigration migration, String problem) {
        return new JavaFailure(problem, null, migration.getClass().getName(), false);
    }

    static JavaFailure endedTransaction(JavaMigration migration) {
        return new JavaFailure(
                "it ended the transaction, which is for Confiture to do",
                null,
                migration.getClass().getName(),
                true);
    }

    /** Whether part of what it did may be committed. */
    boolean endedTransaction() {
        return endedTransaction;
    }

    /** The class, with the line of it that the failure came through if that is known. */
    String where() {
        return where;
    }

    private static String describe(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage();
    }

    private static @Nullable String sqlState(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException e && e.getSQLState() != null) {
                return e.getSQLState();
            }
            if (t instanceof InterruptedException) {
                return "57014";
            }
        }
        return null;
    }

    private static String place(JavaMigration migration, Throwable thrown) {
        String type = migration.getClass().getName();
        return Stream.of(thrown.getStackTrace())
                .filter(element -> element.getClassName().equals(type) && element.getLineNumber() > 0)
                .findFirst()
                .map(element -> type + " (" + element.getFileName() + ":" + element.getLineNumber() + ")")
                .orElse(type);
    }
}
