package io.confiture.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything Confiture throws on purpose. The message starts with the code, says what failed and in which
 * state the database is, and ends with the hint. No message, hint or cause of this hierarchy carries a password.
 *
 * @since 0.1.0
 */
public class ConfitureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String hint;
    private List<CommittedMigration> committed = List.of();

    /**
     * @param code the stable code of the failure
     * @param message what failed, without code and hint
     * @param hint what to do next, or null if the message says it all
     * @param cause what made it fail, or null
     */
    public ConfitureException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(format(code, message, hint), cause);
        this.code = code;
        this.hint = hint;
    }

    public ConfitureException(ErrorCode code, String message, @Nullable String hint) {
        this(code, message, hint, null);
    }

    private static String format(ErrorCode code, String message, @Nullable String hint) {
        String text = code.code() + ": " + message;
        return hint == null ? text : text + System.lineSeparator() + "  Hint: " + hint;
    }

    /** The stable code of this failure. */
    public final ErrorCode code() {
        return code;
    }

    /** What to do next, or null where the message says it all. */
    public final @Nullable String hint() {
        return hint;
    }

    /**
     * The migrations that the failing call had committed before it failed, in the order of the commits; these stay as
     * they are.
     */
    public final List<CommittedMigration> committed() {
        return committed;
    }

    /** Adds what was committed before; for the call that fails, not for its callers. */
    public final void setCommitted(List<CommittedMigration> committedBefore) {
        this.committed = List.copyOf(committedBefore);
    }
}
