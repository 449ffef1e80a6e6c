package io.confiture.build;

import javax.sql.DataSource;

/**
 * Fills a database: builds the schema, applies migrations, loads seeds.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DatabaseContent {

    /**
     * Fills it. Connections that stay open behind it are ended.
     *
     * @param database connections to an empty database, a new one each time
     * @throws Exception if it cannot be filled; whoever has asked for it is told
     */
    void create(DataSource database) throws Exception;
}
