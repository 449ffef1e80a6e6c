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
import java.util.ArrayList;
import java.util.List;
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
