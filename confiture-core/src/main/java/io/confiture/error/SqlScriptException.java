package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * An SQL script cannot be read as statements, or holds one that Confiture refuses, which is found before anything runs.
 *
 * @since 0.1.0
 */
public class SqlScriptException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final int column;
    private final String problem;

    /**
     * @param problem what is wrong, without the place
     * @param file the script as the user knows it
     * @param line 1-based line of the offending text, for an unterminated construct the line where it opens
     * @param column 1-based column in characters (code points)
     */
    public SqlScriptException(
            ErrorCode code, String problem, @Nullable String hint, String file, int line, int column) {
        super(code, file + ":" + line + ":" + column + ": " + problem, hint);
        this.file = file;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    /** What is wrong, without code, place and hint. */
    public String problem() {
        return problem;
    }
}
