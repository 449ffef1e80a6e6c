package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How a clone is asked for, as the server has noted it. */
class CloneStrategyTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void filesAreCopiedWhereTheServerKnowsHowAndNeedNotWaitForADisk() {
        database.execute("CREATE EXTENSION pg_stat_statements");
        String name;
        try (TemplateDatabases templates = TemplateDatabases.on(database.url());
                FreshDatabase fresh = templates.create("strategy " + database.name(), target -> {})) {
            name = fresh.name();
        }
        String statement = String.valueOf(database.value(
                "SELECT query FROM pg_stat_statements WHERE query LIKE 'CREATE DATABASE%" + name + "%'"));
        boolean knows = Integer.parseInt(String.valueOf(database.value("SHOW server_version_num"))) >= 150_000;
        assertThat(database.value("SHOW fsync")).isEqualTo("off");
        assertThat(statement).contains(" TEMPLATE ");
        assertThat(statement.contains("STRATEGY FILE_COPY")).as(statement).isEqualTo(knows);
        for (String template :
                database.values("SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_template\\_%'")) {
            TestServer.execute("ALTER DATABASE " + template + " IS_TEMPLATE false", "DROP DATABASE " + template);
        }
    }
}
