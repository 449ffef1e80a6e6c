package io.confiture.postgres;

import java.sql.SQLException;

/** A COMMIT was sent, and the connection broke before its answer: it may have taken effect or not. */
final class UnansweredCommit extends SQLException {
    /** What the standard calls "transaction resolution unknown". */
    static final String SQL_STATE = "08007";

    private static final long serialVersionUID = 1L;

    UnansweredCommit(SQLException cause) {
        super("The connection broke before the answer to COMMIT came", SQL_STATE, cause);
    }
}
