package io.confiture.sql;

import org.jspecify.annotations.Nullable;

/** A place among the tokens of a statement, from which words and names are read. */
final class TokenCursor {
    private final LeadingTokens tokens;
    private int at;

    TokenCursor(LeadingTokens tokens) {
        this.tokens = tokens;
    }

    int at() {
        return at;
    }

    void moveTo(int index) {
        at = index;
    }

    boolean atEnd() {
        return at >= tokens.count();
    }

    Token next() {
        return tokens.get(at);
    }

    boolean isNext(String word) {
        return next().word().equals(word);
    }

    /** Moves behind these words if they are next. */
    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(at + i).word().equals(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    /** Moves behind a name, of which the last two parts count; null if none is next. */
    @Nullable
    ObjectName name() {
        String schema = null;
        String name = identifier();
        while (name != null && accept(".")) {
            schema = name;
            name = identifier();
        }
        return name == null ? null : new ObjectName(schema, name);
    }

    /** Moves behind one part of a name; null if none is next. */
    @Nullable
    String identifier() {
        Token token = next();
        if (!token.isName()) {
            return null;
        }
        at++;
        String escape = "\\";
        if (token.isUnicodeName() && accept("uescape")) {
            escape = next().value();
            at++;
        }
        return token.name(escape);
    }
}
