package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.confiture.boot.actuate.SectionDescriptor.Drift;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.verification.DriftOptions;
import io.confiture.verification.SchemaVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The section {@code drift} of a database, and what health says of it. */
class EndpointDriftTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrator migrator = Migrator.builder(database.dataSource())
            .locations("classpath:db/migrations")
            .build();

    private DatabaseDrift against(DriftOptions options) {
        return name -> SchemaVerification.of(migrator).drift(options);
    }

    private ConfitureEndpointWebExtension endpoint(DatabaseDrift drift) {
        EndpointOperations operations =
                new EndpointOperations(new DefaultListableBeanFactory().getBeanProvider(DatabaseReadings.class));
        return new ConfitureEndpointWebExtension(new ConfitureEndpoint(Map.of("default", migrator), drift, operations));
    }

    private static Drift drift(
            ConfitureEndpointWebExtension endpoint, int status, @Nullable Integer size, @Nullable String state) {
        var response = endpoint.database(new String[] {"default", "drift"}, null, size, state);
        assertThat(response.getStatus()).isEqualTo(status);
        return (Drift) Objects.requireNonNull(response.getBody());
    }

    @Test
    void tellsWhatSomebodyHasChangedByHand() {
        migrator.applyAll();
        ConfitureEndpointWebExtension endpoint = endpoint(against(DriftOptions.migrations()));
        assertThat(drift(endpoint, 200, null, null))
                .satisfies(drift -> assertThat(drift.ok()).isTrue())
                .satisfies(drift -> assertThat(drift.state()).isEqualTo("in_sync"))
                .satisfies(drift -> assertThat(drift.total()).isZero());

        database.execute("ALTER TABLE people ALTER COLUMN email TYPE varchar(100)");
        database.execute("CREATE VIEW secrets AS SELECT 'hunter2'::text AS password");
        Drift drifted = drift(endpoint, 503, null, null);
        assertThat(drifted.ok()).isFalse();
        assertThat(drifted.state()).isEqualTo("drifted");
        assertThat(drifted.against()).isEqualTo("all migrations");
        assertThat(drifted.differences())
                .extracting(Drift.Difference::kind, Drift.Difference::object, Drift.Difference::property)
                .contains(
                        tuple("changed", "table public.people: column email", "type"),
                        tuple("added", "view public.secrets", null));
        assertThat(drifted.differences().toString()).contains("from=text, to=character varying(100)");
        assertThat(drifted.toString()).as("SQL is not shown").doesNotContain("hunter2");
        assertThat(drift(endpoint, 503, 1, null).differences()).hasSize(1);
        assertThat(drift(endpoint, 503, null, "added"))
                .satisfies(added -> assertThat(added.total()).isEqualTo(1))
                .satisfies(added -> assertThat(added.ok()).isFalse());
        assertThatThrownBy(() -> drift(endpoint, 400, null, "add"))
                .isInstanceOf(InvalidEndpointRequestException.class)
                .hasMessageContaining("the nearest is 'added'");
    }

    @Test
    void whatCannotBeComparedIsNotInSync() {
        migrator.applyAll();
        Drift drift = drift(endpoint(against(DriftOptions.expected("classpath:nowhere.json"))), 503, null, null);
        assertThat(drift.ok()).isFalse();
        assertThat(drift.state()).isEqualTo("not_checked");
        assertThat(drift.notes()).singleElement().asString().contains("classpath:nowhere.json cannot be read");
    }

    @Test
    void aReplayThatFailsShowsNothingOfItsStatement(@TempDir Path temp) throws IOException {
        Files.writeString(temp.resolve("001_secret.up.sql"), "SELECT 'hunter2'::int;");
        Migrator failing = Migrator.builder(database.dataSource())
                .locations("file:" + temp)
                .build();
        Drift drift = drift(
                endpoint(name -> SchemaVerification.of(failing).drift(DriftOptions.migrations())), 503, null, null);
        assertThat(drift.state()).isEqualTo("not_checked");
        assertThat(drift.notes()).singleElement().asString().endsWith("the log of the application has the details");
        assertThat(drift.toString()).doesNotContain("hunter2");
    }

    @Test
    void healthIsOutOfServiceWhereDriftIsAskedFor() {
        migrator.applyAll();
        database.execute("ALTER TABLE people DROP COLUMN email");
        DatabaseReadings readings =
                new DatabaseReadings(Map.of("default", migrator), Map.of(), Set.of(), new DatabaseChanges());
        assertThat(new ConfitureHealthIndicator(readings).health().getStatus()).isEqualTo(Status.UP);
        Health asked = new ConfitureHealthIndicator(
                        readings,
                        new DriftReadings(against(DriftOptions.migrations()), Map.of("default", Duration.ofMinutes(1))))
                .health();
        assertThat(asked.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(asked.getDetails().toString()).contains("drift=drifted");
    }
}
