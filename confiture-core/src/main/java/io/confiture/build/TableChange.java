package io.confiture.build;

import io.confiture.build.TableDefinition.Element;
import io.confiture.sql.ObjectName;
import io.confiture.sql.StatementTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@code ALTER TABLE} as its tokens show it.
 *
 * @param table the table
 * @param nameFrom where its name begins
 * @param ifExists whether {@code IF EXISTS} is given
 * @param only whether {@code ONLY} is given
 * @param actions what stands between the commas
 */
record TableChange(ObjectName table, int nameFrom, boolean ifExists, boolean only, List<Element> actions) {

    /** Null if the statement alters no table. The cursor may stand anywhere. */
    static @Nullable TableChange read(StatementTokens tokens) {
        tokens.moveTo(0);
        if (!tokens.accept("alter", "table")) {
            return null;
        }
        boolean ifExists = tokens.accept("if", "exists");
        boolean only = tokens.accept("only");
        int nameFrom = tokens.at();
        ObjectName table = tokens.name();
        if (table == null) {
            return null;
        }
        tokens.accept("*");
        return new TableChange(table, nameFrom, ifExists, only, Element.between(tokens, tokens.at(), tokens.count()));
    }
}
