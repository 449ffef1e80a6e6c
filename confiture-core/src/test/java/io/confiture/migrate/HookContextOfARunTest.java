package io.confiture.migrate;

import static io.confiture.hook.HookPoint.AFTER_COMMIT;
import static io.confiture.hook.HookPoint.AFTER_EXECUTE;
import static io.confiture.hook.HookPoint.AFTER_RUN;
import static io.confiture.hook.HookPoint.BEFORE_RUN;
import static io.confiture.hook.HookPoint.ON_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.hook.TableChange;
import io.confiture.hook.TableChange.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the hooks of a run are told, and what they share. */
class HookContextOfARunTest extends MigratorTestCase {
    private final List<String> calls = new ArrayList<>();

    /** Notes point and migration of every call. */
    private final MigrationHook recorder = new MigrationHook() {
        @Override
        public void call(HookContext context) {
            calls.add(context.point() + (context.migrationVersion() == null ? "" : " " + context.migrationVersion()));
        }
    };

    private Migrator with(HookPoint point, Consumer<HookContext> action) {
        return builder().hook(recorder).hook(MigrationHook.at(point, action)).build();
    }

    private static void veto() {
        throw new IllegalStateException("not today");
    }

    @Test
    void theContextTellsAllOfAMigration() {
        folder.three();
        List<HookContext> contexts = new ArrayList<>();
        builder()
                .database("orders")
                .environment("staging")
                .hook(new MigrationHook() {
                    @Override
                    public void call(HookContext context) {
                        contexts.add(context);
                    }
                })
                .build()
                .applyAll();
        assertThat(contexts)
                .extracting(HookContext::runId)
                .containsOnly(contexts.get(0).runId());
        assertThat(contexts).extracting(HookContext::environment).containsOnly("staging");
        assertThat(contexts).extracting(HookContext::database).containsOnly("orders");
        assertThat(contexts.get(0).migrations()).containsExactly("001_create_users", "002_add_name", "003_seed");
        HookContext seed = contexts.get(contexts.size() - 2);
        assertThat(seed.point()).isEqualTo(AFTER_COMMIT);
        assertThat(seed.migrationName()).isEqualTo("seed");
        assertThat(seed.migrationVersion()).isEqualTo("003");
        assertThat(seed.schema()).isEqualTo("public");
        assertThat(seed.direction()).isEqualTo(HookContext.Direction.UP);
        assertThat(seed.rowsAffected()).isEqualTo(2);
        assertThat(seed.status()).isEqualTo(HookContext.Status.SUCCESS);
        assertThat(seed.endTime()).isAfterOrEqualTo(seed.startTime());
        assertThat(seed.duration()).isPositive();
        assertThat(seed.error()).isNull();
        HookContext before = contexts.get(1);
        assertThat(before.status()).isEqualTo(HookContext.Status.RUNNING);
        assertThat(before.endTime()).isNull();
        assertThat(before.rowsAffected()).isZero();
        assertThat(contexts.get(contexts.size() - 1).status()).isEqualTo(HookContext.Status.SUCCESS);
    }

    @Test
    void onErrorTellsWhatFailed() {
        folder.write("1_a.up.sql", "SELECT 1/0");
        List<HookContext> errors = new ArrayList<>();
        assertThatThrownBy(() -> with(ON_ERROR, errors::add).applyAll());
        assertThat(errors).hasSize(2);
        assertThat(errors.get(0).migrationVersion()).isEqualTo("1");
        assertThat(errors.get(0).status()).isEqualTo(HookContext.Status.ERROR);
        assertThat(errors.get(0).error()).isInstanceOf(MigrationException.class);
        assertThat(errors.get(1).migrationVersion()).isNull();
        assertThat(errors.get(1).migrations()).containsExactly("1_a");
    }

    @Test
    void tablesAreObservedInTheTransaction() {
        database.execute(
                "CREATE TABLE old (id int)",
                "INSERT INTO old VALUES (1)",
                "CREATE TABLE written (a int)",
                "CREATE TABLE untouched ()");
        folder.write("1_a.up.sql", """
                CREATE TABLE new (id int, "Odd Name" text);
                INSERT INTO new VALUES (1), (2), (3);
                DELETE FROM new WHERE id = 3;
                ALTER TABLE old ADD COLUMN b int;
                INSERT INTO written VALUES (1);
                """);
        List<List<TableChange>> seen = new ArrayList<>();
        with(AFTER_EXECUTE, context -> seen.add(context.tables().orElseThrow())).applyAll();
        assertThat(seen.get(0))
                .containsExactlyInAnyOrder(
                        new TableChange("public.new", Action.CREATE, List.of("id", "Odd Name"), 0L, 2L),
                        new TableChange("public.old", Action.ALTER, List.of("id", "b"), null, null),
                        new TableChange("public.written", Action.WRITE, List.of("a"), null, null));
    }

    @Test
    void ofASegmentedMigrationTablesAreUnknownAndWhatIsCommittedIsTold() {
        database.execute("CREATE TABLE a (id int)");
        folder.write("1_a.up.sql", "CREATE TABLE b ();\nCREATE INDEX CONCURRENTLY ai ON a (id);\nCREATE TABLE c ();");
        List<HookContext> after = new ArrayList<>();
        HookException e = fails(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(AFTER_EXECUTE, context -> {
                            after.add(context);
                            assertThat(context.tables()).isEmpty();
                            assertThat(context.alreadyCommitted()).containsExactly("statement 1", "statement 2");
                            veto();
                        })
                        .applyAll());
        assertThat(after).hasSize(1);
        assertThat(e.hint()).contains("not undone: statement 1; statement 2");
        assertThat(exists("c")).isFalse();
        assertThat(exists("ai")).isTrue();
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void metadataIsSharedWithinARunAndNotBeyond() {
        folder.three();
        List<Object> seen = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(BEFORE_RUN, context -> {
                    assertThat(context.metadata()).isEmpty();
                    context.metadata().put("ticket", 7);
                }))
                .hook(MigrationHook.at(
                        AFTER_COMMIT, context -> seen.add(context.metadata().get("ticket"))))
                .build();
        migrator.applyAll("002");
        migrator.applyAll();
        assertThat(seen).containsExactly(7, 7, 7);
    }

    @Test
    void whatIsPutBeforeTheRunIsReadInItsMigrationsAndAfterIt() {
        folder.three();
        List<Object> seen = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(BEFORE_RUN, context -> context.metadata().put("ticket", context.runId())))
                .hook(MigrationHook.at(
                        AFTER_EXECUTE,
                        context ->
                                seen.add(context.metadata("ticket", UUID.class).orElseThrow())))
                .hook(MigrationHook.at(
                        AFTER_RUN,
                        context ->
                                seen.add(context.metadata("ticket", UUID.class).orElseThrow())))
                .build();
        migrator.applyAll("002");
        assertThat(seen).hasSize(3);
        assertThat(Set.copyOf(seen)).hasSize(1);
        migrator.applyAll();
        assertThat(seen).hasSize(5);
        assertThat(Set.copyOf(seen)).hasSize(2);
    }
}
