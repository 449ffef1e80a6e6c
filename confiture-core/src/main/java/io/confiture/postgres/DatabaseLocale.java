package io.confiture.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What of a database is settled when it is created, of whatever server version.
 *
 * @param provider {@code c} of the operating system, {@code i} of ICU, {@code b} of PostgreSQL; null before 15
 * @param locale of ICU or PostgreSQL
 * @param rules of ICU
 * @since 0.1.0
 */
public record DatabaseLocale(
        String encoding,
        String collate,
        String ctype,
        @Nullable String provider,
        @Nullable String locale,
        @Nullable String rules) {

    // The columns have other names in other versions, and some have not all of them.
    private static final String QUERY = """
            SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, j.d ->> 'datlocprovider', \
            coalesce(j.d ->> 'datlocale', j.d ->> 'daticulocale'), j.d ->> 'daticurules' \
            FROM pg_catalog.pg_database d CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(d) AS d) j \
            WHERE d.datname = pg_catalog.current_database()""";

    /** Of the database that the session is connected to. */
    public static DatabaseLocale read(Session session) throws SQLException {
        return session.query(
                        QUERY,
                        rs -> new DatabaseLocale(
                                rs.getString(1),
                                rs.getString(2),
                                rs.getString(3),
                                rs.getString(4),
                                rs.getString(5),
                                rs.getString(6)))
                .get(0);
    }

    /** Options of CREATE DATABASE. */
    @Override
    public String toString() {
        StringBuilder options = new StringBuilder("ENCODING ")
                .append(Identifiers.literal(encoding))
                .append(" LC_COLLATE ")
                .append(Identifiers.literal(collate))
                .append(" LC_CTYPE ")
                .append(Identifiers.literal(ctype));
        if (locale != null) {
            boolean icu = "i".equals(provider);
            options.append(icu ? " LOCALE_PROVIDER icu ICU_LOCALE " : " LOCALE_PROVIDER builtin BUILTIN_LOCALE ")
                    .append(Identifiers.literal(locale));
        }
        if (rules != null) {
            options.append(" ICU_RULES ").append(Identifiers.literal(rules));
        }
        return options.toString();
    }
}
