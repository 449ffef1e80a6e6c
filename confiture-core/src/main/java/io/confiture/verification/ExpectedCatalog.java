package io.confiture.verification;

import io.confiture.build.SchemaBuilder;
import io.confiture.catalog.Catalog;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.ScratchDatabase;
import io.confiture.resource.UnfinishedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** What a database is expected to be: made on a scratch database, or read from what was made elsewhere. */
final class ExpectedCatalog {
    private final @Nullable SchemaBuilder builder;
    private final Migrator migrator;
    private final ConnectionSource server;

    ExpectedCatalog(@Nullable SchemaBuilder builder, Migrator migrator, ConnectionSource server) {
        this.builder = builder;
        this.migrator = migrator;
        this.server = server;
    }

    Side get(DriftOptions options) {
        List<String> schemas = options.schemas();
        return switch (options.against()) {
            case SCHEMA -> built(SchemaVerification.required(builder), schemas);
            case MIGRATIONS -> replayed(options.target(), schemas);
            case EXPECTED -> written(Objects.requireNonNull(options.location()), schemas);
        };
    }

    private Side built(SchemaBuilder schema, Collection<String> schemas) {
        try (ScratchDatabase scratch = ScratchDatabase.create(server)) {
            schema.executeOnScratch(scratch.source());
            return Side.read(scratch.source(), schemas, List.of());
        }
    }

    private Side replayed(@Nullable String target, Collection<String> schemas) {
        try (ScratchDatabase scratch = ScratchDatabase.create(server)) {
            Migrator migrations = migrator.onScratch(scratch.source());
            migrations.applyAll(target);
            return Side.read(scratch.source(), schemas, migrations.ownTables());
        }
    }

    private static Side written(String location, Collection<String> schemas) {
        Resource resource = location.startsWith("classpath:") || location.startsWith("file:")
                ? new DefaultResourceLoader().getResource(location)
                : new FileSystemResource(location);
        try (InputStream in = resource.getInputStream()) {
            Catalog catalog = Catalog.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return new Side(schemas.isEmpty() ? catalog : catalog.ofSchemas(schemas), null);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.LOCATION_MISSING,
                    "The expected catalog " + location + " cannot be read: " + e.getMessage(),
                    "Write it with SchemaVerification.writeExpected when the application is built, and name its place.",
                    e);
        }
    }

    void write(Path file, DriftOptions.Against from) {
        if (from == DriftOptions.Against.EXPECTED) {
            throw new IllegalArgumentException("A written catalog is made from the schema or the migrations");
        }
        DriftOptions all = from == DriftOptions.Against.SCHEMA ? DriftOptions.schema() : DriftOptions.migrations();
        byte[] json = get(all).catalog().toJson().getBytes(StandardCharsets.UTF_8);
        Path target = file.toAbsolutePath();
        try {
            Path folder = Objects.requireNonNull(target.getParent());
            Files.createDirectories(folder);
            Path temporary = UnfinishedFile.beside(target);
            try {
                Files.write(temporary, json);
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The expected catalog " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
