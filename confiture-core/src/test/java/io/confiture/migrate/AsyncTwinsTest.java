package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Every public operation of the migrator exists for an executor as well, and does the same there. */
class AsyncTwinsTest extends MigratorTestCase {
    private static final Map<String, String> WITHOUT_TWIN = Map.of(
            "lock()", "bound to the thread that takes it",
            "async(Executor)", "makes the twins",
            "hooks()", "does no input or output",
            "source()", "does no input or output",
            "onScratch(ConnectionSource)", "does no input or output",
            "builder(DataSource)", "does no input or output",
            "builder(Connection)", "does no input or output",
            "builder(String)", "does no input or output");

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    /** What each public method returns, by its name and its parameters. */
    private static Map<String, Type> operations(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .collect(Collectors.toMap(
                        AsyncTwinsTest::signature, Method::getGenericReturnType, (a, b) -> a, TreeMap::new));
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    @Test
    void everyPublicOperationHasATwinOfTheSameNameParametersAndResult() {
        Map<String, Type> expected = operations(Migrator.class);
        assertThat(expected.keySet()).containsAll(WITHOUT_TWIN.keySet());
        expected.keySet().removeAll(WITHOUT_TWIN.keySet());
        expected.replaceAll((signature, result) ->
                result == void.class ? Void.class : result == boolean.class ? Boolean.class : result);
        Map<String, Type> twins = operations(AsyncMigrator.class);
        twins.replaceAll((signature, result) -> {
            ParameterizedType future = (ParameterizedType) result;
            assertThat(future.getRawType()).as(signature).isEqualTo(CompletableFuture.class);
            return future.getActualTypeArguments()[0];
        });
        assertThat(twins).as("AsyncMigrator beside Migrator").isEqualTo(expected);
    }

    @Test
    void eachTwinDoesWhatItsOriginalDoes() {
        folder.three();
        Migrator migrator = migrator();
        AsyncMigrator async = migrator.async(executor);
        assertThat(async.initialize().join()).isNull();
        assertThat(exists("tb_confiture")).isTrue();
        assertThat(async.pending("002").join()).hasToString("[001_create_users, 002_add_name]");
        assertThat(async.plan().join().steps()).hasSize(3);
        assertThat(async.ownTables().join()).isEqualTo(migrator.ownTables());
        Migration second = migrator.pending().get(1);
        assertThat(async.apply("001").join().version()).isEqualTo("001");
        assertThat(async.applyAll("002").join()).hasSize(1);
        assertThat(async.apply(migrator.pending().get(0)).join().action()).isEqualTo(MigrationAction.APPLIED);
        assertThat(async.status().join()).isEqualTo(migrator.status());
        assertThat(async.applied().join()).isEqualTo(migrator.applied()).hasSize(3);
        assertThat(async.validate().join()).isEqualTo(migrator.validate());
        assertThat(async.verify().join()).isEqualTo(migrator.verify());
        assertThat(async.dryRun().join().wouldSucceed()).isTrue();
        assertThat(async.dryRun(DryRunOptions.defaults().target("001")).join().migrations())
                .isEmpty();
        assertThat(async.rollback("003").join().action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(async.rollback(second).join().version()).isEqualTo("002");
        assertThat(async.applyAll().join()).hasSize(2);
        assertThat(async.rollbackForced("002").join().version()).isEqualTo("002");
        assertThat(async.rollbackTo("001").join()).hasSize(1);
        assertThat(async.pending().join()).hasToString("[002_add_name, 003_seed]");
        assertThat(async.newMigration("more").join())
                .hasSize(2)
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(async.newMigration("more", temp).join().get(0)).hasParent(temp);
        Migrator other = migrator();
        try (MigrationLock lock = other.lock()) {
            assertThat(async.lockHolder().join()).isEqualTo(other.lockHolder()).isPresent();
        }
        assertThat(async.baseline("002").join())
                .extracting(MigrationResult::action)
                .containsExactly(MigrationAction.ALREADY_APPLIED, MigrationAction.BASELINED);
        assertThat(async.baselineFrom(TestSchema.THREE).join().built()).isFalse();
        assertThat(async.confirmEquivalence(TestSchema.HASH).join()).isFalse();
        Repair repair = Repair.nothing().realignChecksums();
        assertThat(async.planRepair(repair).join()).isEqualTo(migrator.planRepair(repair));
        assertThat(async.repair(repair).join()).isEqualTo(migrator.repair(repair));
    }
}
