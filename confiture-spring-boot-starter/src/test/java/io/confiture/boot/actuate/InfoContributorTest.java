package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.info.Info;

class InfoContributorTest {

    @Test
    void theNewestVersionIsNotThatOfARepeatableMigration(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("9_a.up.sql"), "SELECT 1");
        Files.writeString(folder.resolve("10_b.up.sql"), "SELECT 1");
        Files.writeString(folder.resolve("R__views.sql"), "SELECT 1");
        try (TestDatabase database = TestDatabase.create()) {
            Migrator migrator = Migrator.builder(database.dataSource())
                    .locations(folder.toString())
                    .build();
            assertThat(info(migrator)).isEqualTo(Map.of("applied", 0, "pending", 3));
            migrator.applyAll();
            assertThat(info(migrator)).isEqualTo(Map.of("version", "10", "applied", 2, "pending", 0));
        }
    }

    @Test
    void aDatabaseThatCannotBeReadShowsItsStateAndNotItsAddress() {
        Migrator gone = Migrator.builder("jdbc:postgresql://127.0.0.1:1/x?password=hunter2")
                .locations("classpath:db/migrations")
                .build();
        assertThat(info(gone)).isEqualTo(Map.of("state", "unreachable"));
    }

    private static @Nullable Object info(Migrator migrator) {
        DatabaseReadings readings =
                new DatabaseReadings(Map.of("shop", migrator), Map.of(), Set.of(), new DatabaseChanges());
        Info.Builder builder = new Info.Builder();
        new ConfitureInfoContributor(readings).contribute(builder);
        Map<?, ?> confiture =
                (Map<?, ?>) Objects.requireNonNull(builder.build().getDetails().get("confiture"));
        return confiture.get("shop");
    }
}
