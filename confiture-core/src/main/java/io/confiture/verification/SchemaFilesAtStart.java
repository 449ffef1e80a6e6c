package io.confiture.verification;

import io.confiture.build.ExecuteOptions;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.SchemaFile;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.migrate.InitialSchema;
import io.confiture.postgres.Session;
import io.confiture.sql.DataChange;
import io.confiture.sql.ObjectName;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The files of a schema builder, seeds included, as what an empty database begins with. */
final class SchemaFilesAtStart implements InitialSchema {
    private final SchemaBuilder builder;

    SchemaFilesAtStart(SchemaBuilder builder) {
        this.builder = builder;
    }

    @Override
    public String hash() {
        return builder.computeHash();
    }

    @Override
    public Set<ObjectName> tablesWithRows() {
        Set<ObjectName> tables = new HashSet<>();
        read(reader -> {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                for (DataChange change : DataChange.of(statement)) {
                    if (change instanceof DataChange.AddsRows adds) {
                        tables.add(adds.table());
                    }
                }
            }
        });
        return tables;
    }

    @Override
    public Set<String> coveredMigrations() {
        Set<String> covered = new HashSet<>();
        read(reader -> covered.addAll(reader.directives().covers()));
        return covered;
    }

    private void read(Consumer<ScriptReader> work) {
        for (SchemaFile file : builder.findSqlFiles()) {
            try (InputStream in = file.open();
                    ScriptReader reader = ScriptReader.open(file.location(), in, ScriptSection.WHOLE)) {
                work.accept(reader);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
    }

    private static SchemaException unreadable(SchemaFile file, IOException e) {
        return new SchemaException(
                ErrorCode.SCHEMA_INVALID, file.location() + " cannot be read: " + e.getMessage(), null, e);
    }

    @Override
    public void create(Session session) {
        builder.executeWithin(session, ExecuteOptions.defaults());
    }
}
