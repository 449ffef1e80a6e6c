package io.confiture.sql;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one statement with their places, and a cursor over them. Comments and white space are no tokens; a literal,
 * a quoted name and a dollar-quoted body are one each. Parts of an operator are tokens of their own. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class StatementTokens {
    private final SqlStatement statement;
    private final LeadingTokens tokens;
    private final TokenCursor cursor;
    /** Begin and end of each token, as indexes into the text. */
    private final int[] places;

    private StatementTokens(SqlStatement statement) {
        this.statement = statement;
        byte[] bytes = statement.text().getBytes(StandardCharsets.UTF_8);
        StatementScanner scanner = new StatementScanner(
                new ScriptInput(statement.file(), new ByteArrayInputStream(bytes)), false, false, true);
        scanner.keepAllTokens();
        scanner.next();
        scanner.statement();
        this.tokens = scanner.structure().tokens();
        this.cursor = new TokenCursor(tokens);
        this.places = places(statement.text());
    }

    /** The tokens of {@link SqlStatement#text()}. */
    public static StatementTokens of(SqlStatement statement) {
        return new StatementTokens(statement);
    }

    private int[] places(String text) {
        int[] found = new int[2 * tokens.count()];
        int at = 0;
        int bytes = 0;
        for (int i = 0; i < found.length; i++) {
            int wanted = i % 2 == 0 ? tokens.begin(i / 2) : tokens.end(i / 2);
            while (bytes < wanted) {
                int character = text.codePointAt(at);
                at += Character.charCount(character);
                bytes += SqlStatement.utf8Length(character);
            }
            found[i] = at;
        }
        return found;
    }

    public int count() {
        return tokens.count();
    }

    /** A token in lower case, to compare with keywords; what is quoted never equals one. Empty outside of the statement. */
    public String word(int index) {
        return index < 0 ? "" : tokens.get(index).word();
    }

    /** A token as written; empty outside of the statement. */
    public String raw(int index) {
        return index < 0 ? "" : tokens.get(index).raw();
    }

    /** The content of a literal without quotes and with doubled quotes undone; anything else as written. */
    public String value(int index) {
        return index < 0 ? "" : tokens.get(index).value();
    }

    /** Whether a token may be a name: a word or a quoted name. */
    public boolean isName(int index) {
        return index >= 0 && tokens.get(index).isName();
    }

    /** Where a token begins, as an index into {@link SqlStatement#text()}; behind the last one, its end. */
    public int begin(int index) {
        return index < count() ? places[2 * index] : statement.text().length();
    }

    /** Where a token ends, exclusively, as an index into {@link SqlStatement#text()}. */
    public int end(int index) {
        return places[2 * index + 1];
    }

    /** The text from one token up to another, exclusively, with the comments between them but none at its ends. */
    public String text(int from, int to) {
        return from >= to ? "" : statement.text().substring(begin(from), end(to - 1));
    }

    /** Where in the file a token begins. */
    public SourcePosition position(int index) {
        return statement.locate(statement.text().codePointCount(0, begin(index)) + 1);
    }

    /** Where in the file a token ends, exclusively. */
    public SourcePosition endPosition(int index) {
        return statement.locate(statement.text().codePointCount(0, end(index)) + 1);
    }

    /** The index of the token at the cursor, at first 0; {@link #count()} at the end. */
    public int at() {
        return cursor.at();
    }

    /** Moves the cursor. */
    public void moveTo(int index) {
        cursor.moveTo(index);
    }

    /** Whether no token is left. */
    public boolean atEnd() {
        return cursor.atEnd();
    }

    /** Whether this word, given in lower case, is at the cursor. */
    public boolean isNext(String word) {
        return cursor.isNext(word);
    }

    /** Moves behind these words, given in lower case, if they are next. */
    public boolean accept(String... words) {
        return cursor.accept(words);
    }

    /** Moves behind a name, of which the last two parts count; null, without moving, if none is next. */
    public @Nullable ObjectName name() {
        return cursor.name();
    }

    /** Moves behind one part of a name and tells it as the server stores it; null, without moving, if none is next. */
    public @Nullable String identifier() {
        return cursor.identifier();
    }

    /** The index behind the parenthesis that closes the one at an index; {@link #count()} if none does. */
    public int behindParentheses(int opening) {
        int depth = 0;
        for (int i = opening; i < count(); i++) {
            String word = word(i);
            if (word.equals("(")) {
                depth++;
            } else if (word.equals(")") && --depth == 0) {
                return i + 1;
            }
        }
        return count();
    }
}
