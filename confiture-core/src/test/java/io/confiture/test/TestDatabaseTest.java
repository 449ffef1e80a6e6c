package io.confiture.test;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void theServerHasTheVersionTheBuildAskedFor() {
        String wanted = System.getProperty("postgres.binaries.version");
        assertThat(wanted).isNotNull();
        assertThat(database.value("SHOW server_version")).startsWith(wanted.substring(0, wanted.indexOf('.')) + ".");
    }

    @Test
    void aFreshDatabaseIsEmpty() {
        assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }
}
