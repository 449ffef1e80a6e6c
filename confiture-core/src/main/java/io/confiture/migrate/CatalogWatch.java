package io.confiture.migrate;

import io.confiture.catalog.Catalog;
import io.confiture.catalog.CatalogComparison;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether the catalog is as it was before something that was to leave nothing. */
final class CatalogWatch {
    private static final int SHOWN = 20;

    private final @Nullable Catalog before;

    private CatalogWatch(@Nullable Catalog before) {
        this.before = before;
    }

    static CatalogWatch before(Session session) throws SQLException {
        return new CatalogWatch(read(session));
    }

    /** What is otherwise than before, or was not compared, in sentences. */
    List<String> after(Session session) throws SQLException {
        Catalog after = read(session);
        if (before == null || after == null) {
            return List.of("The catalog could not be read: whether it is as it was is not known");
        }
        TreeSet<String> schemas = new TreeSet<>(before.schemas());
        schemas.addAll(after.schemas());
        CatalogComparison comparison = after.ofSchemas(schemas).compareTo(before.ofSchemas(schemas));
        List<String> warnings = new ArrayList<>();
        comparison.differences().stream()
                .limit(SHOWN)
                .forEach(difference -> warnings.add(
                        "Not as it was, although everything was rolled back, by the scripts or by somebody else meanwhile: "
                                + difference));
        if (comparison.differences().size() > SHOWN) {
            warnings.add((comparison.differences().size() - SHOWN) + " more differences of the catalog");
        }
        comparison.caveats().forEach(caveat -> warnings.add("Not compared with what was before: " + caveat));
        return warnings;
    }

    private static @Nullable Catalog read(Session session) throws SQLException {
        try {
            return Catalog.readAll(session.sharedConnection());
        } catch (SchemaException e) {
            if (e.getCause() instanceof SQLException sql
                    && (ServerError.of(sql).is("57014") || ServerError.of(sql).connectionLost())) {
                throw sql;
            }
            return null;
        }
    }
}
