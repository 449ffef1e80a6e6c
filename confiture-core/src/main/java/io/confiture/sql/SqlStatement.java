package io.confiture.sql;

import org.jspecify.annotations.Nullable;

/**
 * One statement of a script. Immutable.
 *
 * @since 0.1.0
 */
public final class SqlStatement {
    private static final int EXCERPT_CODE_POINTS = 500;

    private final String file;
    private final String source;
    private final @Nullable ReplacedText replaced;
    private final SourcePosition start;
    private final long endOffset;
    private final StatementEffect effect;
    private final boolean changesSession;
    private final boolean copiesIn;
    private final boolean copiesOut;

    SqlStatement(
            String file,
            String source,
            @Nullable ReplacedText replaced,
            SourcePosition start,
            long endOffset,
            StatementEffect effect,
            boolean changesSession,
            boolean copiesIn,
            boolean copiesOut) {
        this.file = file;
        this.source = source;
        this.replaced = replaced;
        this.start = start;
        this.endOffset = endOffset;
        this.effect = effect;
        this.changesSession = changesSession;
        this.copiesIn = copiesIn;
        this.copiesOut = copiesOut;
    }

    /** The script as the user knows it. */
    public String file() {
        return file;
    }

    /**
     * What is sent: the text from the first token to the last character before the semicolon, comments within it included,
     * with the values of its placeholders, which may be secrets. Without a semicolon it ends with the last token.
     */
    public String text() {
        return replaced == null ? source : replaced.sent();
    }

    /** The text as it stands in the script: <code>${name}</code> where {@link #text()} has a value. */
    public String source() {
        return source;
    }

    /** Where the first token stands. */
    public SourcePosition start() {
        return start;
    }

    /** The offset in bytes of the file behind the semicolon, or behind the text if there is none. */
    public long endOffset() {
        return endOffset;
    }

    /** What running it means for transactions. */
    public StatementEffect effect() {
        return effect;
    }

    /**
     * Whether the statement may leave the session different from before: settings that are not {@code LOCAL}, the role,
     * prepared statements, held cursors, notifications. What a called function does is not seen, {@code set_config} is.
     */
    public boolean changesSession() {
        return changesSession;
    }

    /** Whether it is a {@code COPY … FROM STDIN}, whose rows {@link ScriptReader#copyData()} gives. */
    public boolean copiesIn() {
        return copiesIn;
    }

    /** Whether it is a {@code COPY … TO STDOUT}. */
    public boolean copiesOut() {
        return copiesOut;
    }

    /** {@link #source()} for messages: at most 500 characters (code points), an ellipsis marking a cut. */
    public String excerpt() {
        if (source.length() <= EXCERPT_CODE_POINTS
                || source.codePointCount(0, source.length()) <= EXCERPT_CODE_POINTS) {
            return source;
        }
        return source.substring(0, source.offsetByCodePoints(0, EXCERPT_CODE_POINTS)) + " …";
    }

    /**
     * The position in {@link #source()} of one in {@link #text()}; a value lies where its placeholder begins.
     *
     * @param serverPosition 1-based position in characters (code points)
     */
    public int sourcePosition(int serverPosition) {
        return replaced == null ? serverPosition : replaced.sourcePosition(serverPosition);
    }

    /**
     * The place in the file of a position the server reports for this statement.
     *
     * @param serverPosition 1-based position in characters (code points) within {@link #text()}; below 1 gives the start,
     *     behind the text its end
     */
    public SourcePosition locate(int serverPosition) {
        int line = start.line();
        int column = start.column();
        long offset = start.offset();
        int at = 0;
        int position = sourcePosition(serverPosition);
        for (int passed = 1; passed < position && at < source.length(); passed++) {
            int character = source.codePointAt(at);
            at += Character.charCount(character);
            offset += utf8Length(character);
            if (character == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new SourcePosition(line, column, offset);
    }

    static int utf8Length(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }

    /** File, line, column and excerpt. */
    @Override
    public String toString() {
        return file + ":" + start.line() + ":" + start.column() + ": " + excerpt();
    }
}
