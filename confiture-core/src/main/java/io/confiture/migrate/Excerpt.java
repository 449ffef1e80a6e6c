package io.confiture.migrate;

import io.confiture.postgres.Secrets;
import io.confiture.sql.SqlStatement;

/** A statement for messages: bounded, and without the passwords that some statements spell out. */
final class Excerpt {
    private Excerpt() {}

    static String of(SqlStatement statement) {
        return Secrets.mask(statement.excerpt());
    }
}
