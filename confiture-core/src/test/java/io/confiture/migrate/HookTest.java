package io.confiture.migrate;

import static io.confiture.hook.HookPoint.AFTER_COMMIT;
import static io.confiture.hook.HookPoint.AFTER_EXECUTE;
import static io.confiture.hook.HookPoint.AFTER_ROLLBACK;
import static io.confiture.hook.HookPoint.AFTER_RUN;
import static io.confiture.hook.HookPoint.AFTER_VALIDATE;
import static io.confiture.hook.HookPoint.BEFORE_EXECUTE;
import static io.confiture.hook.HookPoint.BEFORE_ROLLBACK;
import static io.confiture.hook.HookPoint.BEFORE_RUN;
import static io.confiture.hook.HookPoint.BEFORE_VALIDATE;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HookTest extends MigratorTestCase {
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

    private static void veto(HookContext context) {
        throw new IllegalStateException("not today");
    }

    @Test
    void thePointsOfAnApplyComeInOrder() {
        folder.three();
        builder().hook(recorder).build().applyAll("002");
        assertThat(calls)
                .containsExactly(
                        "before_run",
                        "before_execute 001",
                        "after_execute 001",
                        "after_commit 001",
                        "before_execute 002",
                        "after_execute 002",
                        "after_commit 002",
                        "after_run");
    }

    @Test
    void thePointsOfARollbackComeInOrder() {
        folder.three();
        migrator().applyAll();
        builder().hook(recorder).build().rollbackTo("002");
        assertThat(calls)
                .containsExactly(
                        "before_run", "before_rollback 003", "after_rollback 003", "after_commit 003", "after_run");
    }

    @Test
    void thePointsOfAValidationComeInOrder() {
        folder.three();
        List<HookContext> contexts = new ArrayList<>();
        builder()
                .hook(recorder)
                .hook(MigrationHook.at(AFTER_VALIDATE, contexts::add))
                .build()
                .validate();
        assertThat(calls).containsExactly("before_validate", "after_validate");
        assertThat(contexts.get(0).status()).isEqualTo(HookContext.Status.SUCCESS);
        assertThatThrownBy(() -> with(BEFORE_VALIDATE, HookTest::veto).validate())
                .isInstanceOf(HookException.class);
        assertThat(with(AFTER_VALIDATE, HookTest::veto).validate().valid()).isTrue();
    }

    @Test
    void aRunWithNothingToDoHasItsTwoPoints() {
        folder.three();
        migrator().applyAll();
        builder().hook(recorder).build().applyAll();
        assertThat(calls).containsExactly("before_run", "after_run");
    }

    @Test
    void theHooksOfAPointAreCalledInTheirOrderUntilOneVetoes() {
        folder.three();
        HookException e = refused(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> builder()
                        .hooks(List.of(
                                MigrationHook.at(BEFORE_RUN, context -> calls.add("a")),
                                MigrationHook.at(BEFORE_RUN, HookTest::veto),
                                MigrationHook.at(BEFORE_RUN, context -> calls.add("c"))))
                        .build()
                        .applyAll());
        assertThat(calls).containsExactly("a");
        assertThat(e).hasMessageContaining("not today").hasCauseInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookPoint.class,
            names = {"BEFORE_RUN", "BEFORE_EXECUTE", "AFTER_EXECUTE"})
    void aVetoLeavesTheDatabaseAsItWas(HookPoint point) {
        folder.three();
        migrator().applyAll("001");
        HookException e = refused(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(point, HookTest::veto).applyAll());
        assertThat(e).hasMessageContaining(point.toString()).hasMessageContaining("not today");
        assertThat(e.hint()).contains("as it was");
        assertThat(e.committed()).isEmpty();
        assertThat(calls).contains("on_error").doesNotContain("after_commit 002", "after_run");
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @Test
    void aVetoOfTheFirstRunDoesNotEvenLeaveALedger() {
        folder.three();
        refused(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(BEFORE_RUN, HookTest::veto).applyAll());
    }

    @ParameterizedTest
    @EnumSource(
            value = HookPoint.class,
            names = {"BEFORE_RUN", "BEFORE_ROLLBACK", "AFTER_ROLLBACK"})
    void aVetoOfARollbackLeavesTheDatabaseAsItWas(HookPoint point) {
        folder.three();
        migrator().applyAll();
        refused(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(point, HookTest::veto).rollback("003"));
    }

    @Test
    void aVetoOfALaterMigrationKeepsWhatIsCommitted() {
        folder.three();
        HookException e = fails(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(AFTER_EXECUTE, context -> {
                            if ("002".equals(context.migrationVersion())) {
                                throw new IllegalStateException("no");
                            }
                        })
                        .applyAll());
        assertThat(e.committed()).hasSize(1);
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void aHookThatFailsAfterTheCommitIsAWarningOfWhatIsApplied() {
        folder.three();
        List<MigrationResult> results = with(AFTER_COMMIT, HookTest::veto).applyAll();
        assertThat(results).hasSize(3).allSatisfy(result -> {
            assertThat(result.action()).isEqualTo(MigrationAction.APPLIED);
            assertThat(result.warnings())
                    .singleElement()
                    .asString()
                    .contains("after_commit")
                    .contains("not today");
        });
        assertThat(with(AFTER_RUN, HookTest::veto).applyAll()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = HookPoint.class,
            names = {"AFTER_COMMIT", "AFTER_RUN"})
    void noKindOfFailureAfterTheCommitTurnsAppliedIntoFailed(HookPoint point) {
        folder.three();
        Migrator migrator = with(point, context -> {
            throw new NoClassDefFoundError("com/example/Notifier");
        });
        assertThat(migrator.applyAll()).hasSize(3);
        migrator = with(point, context -> HookTest.<RuntimeException>sneaky(new java.io.IOException("mail")));
        assertThat(migrator.rollback("003").action()).isEqualTo(MigrationAction.ROLLED_BACK);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneaky(Throwable t) throws E {
        throw (E) t;
    }

    @Test
    void anErrorInAHookUnderAHeldLockRollsBackBeforeTheNextRun() {
        folder.write("1_a.up.sql", "CREATE TABLE IF NOT EXISTS a (id int); INSERT INTO a VALUES (1);");
        boolean[] fail = {true};
        Migrator migrator = with(AFTER_EXECUTE, context -> {
            if (fail[0]) {
                throw new StackOverflowError();
            }
        });
        try (MigrationLock lock = migrator.lock()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(migrator::applyAll).isInstanceOf(StackOverflowError.class);
            fail[0] = false;
            assertThat(migrator.applyAll()).hasSize(1);
        }
        assertThat(value("SELECT count(*) FROM a")).isEqualTo("1");
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
    void aFailingOnErrorHookDoesNotHideTheError() {
        folder.write("1_a.up.sql", "SELECT 1/0");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> with(ON_ERROR, HookTest::veto).applyAll());
    }

    @Test
    void whatAHookWritesIsCommittedOrRolledBackWithTheMigration() {
        database.execute("CREATE TABLE audit (what text)");
        folder.three().write("004_fails.up.sql", "SELECT 1/0");
        Migrator migrator = with(
                BEFORE_EXECUTE,
                context -> context.jdbc()
                        .sql("INSERT INTO audit VALUES (:what)")
                        .param("what", context.migrationVersion())
                        .update());
        assertThatThrownBy(migrator::applyAll).isInstanceOf(MigrationException.class);
        assertThat(database.values("TABLE audit")).containsExactly("001", "002", "003");
    }

    @Test
    void aFailingStatementOfAHookIsAVeto() {
        folder.three();
        migrator().initialize();
        refused(
                HookException.class,
                ErrorCode.HOOK_FAILED,
                () -> with(
                                BEFORE_EXECUTE,
                                context -> context.jdbc()
                                        .sql("INSERT INTO nowhere VALUES (1)")
                                        .update())
                        .applyAll());
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
                            veto(context);
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
    void aHookOfOnePointIsCalledAtThatPointOnly() {
        folder.three();
        List<HookPoint> points = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(AFTER_COMMIT, context -> points.add(context.point())))
                .hook(MigrationHook.at(BEFORE_ROLLBACK, context -> points.add(context.point())))
                .hook(MigrationHook.at(AFTER_ROLLBACK, context -> points.add(context.point())))
                .build();
        migrator.apply("001");
        migrator.rollback("001");
        assertThat(points).containsExactly(AFTER_COMMIT, BEFORE_ROLLBACK, AFTER_ROLLBACK, AFTER_COMMIT);
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

    @Test
    void hooksAreListedInTheirOrder() {
        Migrator migrator = builder()
                .hook(new NamedHook())
                .hook(MigrationHook.at(BEFORE_RUN, context -> {}))
                .build();
        assertThat(migrator.hooks())
                .containsExactly("named", "io.confiture.migrate.HookTest at before_run")
                .isUnmodifiable();
        assertThat(migrator().hooks()).isEmpty();
    }

    private static final class NamedHook implements MigrationHook {
        @Override
        public String name() {
            return "named";
        }
    }
}
