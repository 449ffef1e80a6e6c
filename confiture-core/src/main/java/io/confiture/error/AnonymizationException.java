package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * A value could not be anonymized. Names the table and the column, never the value.
 *
 * @since 0.1.0
 */
public class AnonymizationException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final String column;

    public AnonymizationException(String message, @Nullable String hint, String table, String column) {
        super(ErrorCode.ANONYMIZATION_FAILED, message, hint);
        this.table = table;
        this.column = column;
    }

    public String table() {
        return table;
    }

    public String column() {
        return column;
    }
}
