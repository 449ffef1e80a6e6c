package io.confiture.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.ChildApp;
import io.confiture.boot.fixture.Jvm;
import io.confiture.test.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Eight processes start the same application at once on an empty database. */
class ConcurrentStartupTest {
    private static final int INSTANCES = 8;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @RepeatedTest(4)
    @Tag("conformance")
    void soItIsEveryTime() {
        startTogether();
    }

    @Test
    void oneMigratesAndSevenGoOn() {
        startTogether();
    }

    private void startTogether() {
        List<CompletableFuture<Jvm.Result>> processes = IntStream.range(0, INSTANCES)
                .mapToObj(i -> Jvm.run(
                        ChildApp.class,
                        Apps.arguments(
                                database,
                                "confiture.migrate.locations=classpath:concurrent",
                                "spring.datasource.hikari.maximum-pool-size=2")))
                .toList();
        List<Jvm.Result> results =
                processes.stream().map(CompletableFuture::join).toList();
        assertThat(results).allSatisfy(result -> {
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("pending=0 total=5");
        });
        assertThat(results)
                .filteredOn(result -> result.output().contains("RESULT applied=0 "))
                .hasSize(INSTANCES - 1);
        assertThat(results)
                .filteredOn(result -> result.output().contains("RESULT applied=5 "))
                .hasSize(1);
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"))
                .containsExactly("001", "002", "003", "004", "005");
        assertThat(database.values("SELECT migration FROM output ORDER BY 1")).containsExactly("1", "2", "3", "4", "5");
        assertThat(database.value("SELECT count(DISTINCT pid) FROM output")).isEqualTo("1");
    }
}
