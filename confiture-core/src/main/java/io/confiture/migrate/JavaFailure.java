package io.confiture.migrate;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Java migration that failed, with the SQLSTATE of the statement it failed at, so that it is handled like one in SQL. */
final class JavaFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final String where;

    JavaFailure(JavaMigration migration, Throwable thrown) {
        super(describe(thrown), sqlState(thrown), thrown);
        this.where = place(migration, thrown);
    }

    private JavaFailure(JavaMigration migration, String problem) {
        super(problem);
        this.where = migration.getClass().getName();
    }

    static JavaFailure because(JavaMigration migration, String problem) {
        return new JavaFailure(migration, problem);
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
