package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Each irregularity of a history under each policy, by each call that applies. */
class PoliciesTest extends MigratorTestCase {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.confiture.migrate");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    /** What a history may have that it should not. */
    enum Irregularity {
        OUT_OF_ORDER {
            @Override
            void make(MigrationFolder folder) {
                folder.write("2_b.up.sql", "CREATE TABLE b ();");
            }

            @Override
            MigratorBuilder policy(MigratorBuilder builder, Policy policy) {
                return builder.outOfOrder(policy);
            }
        },
        MISSING {
            @Override
            void make(MigrationFolder folder) {
                folder.delete("1_a.up.sql");
            }

            @Override
            MigratorBuilder policy(MigratorBuilder builder, Policy policy) {
                return builder.missing(policy);
            }
        },
        CHANGED {
            @Override
            void make(MigrationFolder folder) {
                folder.write("1_a.up.sql", "CREATE TABLE other ();");
            }

            @Override
            MigratorBuilder policy(MigratorBuilder builder, Policy policy) {
                return builder.changed(policy);
            }
        };

        abstract void make(MigrationFolder folder);

        abstract MigratorBuilder policy(MigratorBuilder builder, Policy policy);

        String culprit() {
            return this == OUT_OF_ORDER ? "2_b" : "1_a";
        }

        int pending() {
            return this == OUT_OF_ORDER ? 1 : 0;
        }
    }

    @BeforeEach
    void history() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();").write("3_c.up.sql", "CREATE TABLE c ();");
        migrator().applyAll();
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void refusedFor(Irregularity irregularity, ThrowingCallable call) {
        ConfitureException e = switch (irregularity) {
            case OUT_OF_ORDER -> refused(MigrationException.class, ErrorCode.OUT_OF_ORDER, call);
            case MISSING -> refused(MigrationException.class, ErrorCode.MIGRATION_MISSING, call);
            case CHANGED -> refused(ChecksumMismatchException.class, ErrorCode.CHECKSUM_MISMATCH, call);
        };
        assertThat(e).hasMessageContaining(irregularity.culprit());
    }

    @ParameterizedTest
    @EnumSource
    void failIsTheDefaultAndStopsEveryCallBeforeAnythingRuns(Irregularity irregularity) {
        irregularity.make(folder);
        refusedFor(irregularity, () -> migrator().applyAll());
        folder.write("9_z.up.sql", "CREATE TABLE z ();");
        Migrator failing = irregularity.policy(builder(), Policy.FAIL).build();
        refusedFor(irregularity, failing::applyAll);
        refusedFor(irregularity, () -> failing.applyAll("9"));
        refusedFor(irregularity, () -> failing.apply("9"));
        assertThat(failing.plan().blockers()).singleElement().asString().contains(irregularity.culprit());
        assertThat(failing.plan().warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void warnLogsAndGoesOn(Irregularity irregularity) {
        irregularity.make(folder);
        Migrator warning = irregularity.policy(builder(), Policy.WARN).build();
        assertThat(warning.plan().blockers()).isEmpty();
        assertThat(warning.plan().warnings()).singleElement().asString().contains(irregularity.culprit());
        assertThat(warnings()).isEmpty();
        folder.write("9_z.up.sql", "CREATE TABLE z ();");
        assertThat(warning.apply("9").action()).isEqualTo(MigrationAction.APPLIED);
        assertThat(warnings()).singleElement().asString().contains(irregularity.culprit());
        assertThat(warning.applyAll()).hasSize(irregularity.pending());
        assertThat(warnings()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void allowGoesOnWithoutAWord(Irregularity irregularity) {
        irregularity.make(folder);
        Migrator allowing = irregularity.policy(builder(), Policy.ALLOW).build();
        assertThat(allowing.plan().blockers()).isEmpty();
        assertThat(allowing.plan().warnings()).isEmpty();
        folder.write("9_z.up.sql", "CREATE TABLE z ();");
        assertThat(allowing.apply("9").action()).isEqualTo(MigrationAction.APPLIED);
        assertThat(allowing.applyAll()).hasSize(irregularity.pending());
        assertThat(allowing.applyAll()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachPolicyIsForItsOwnIrregularityOnly(Irregularity irregularity) {
        irregularity.make(folder);
        for (Irregularity other : Irregularity.values()) {
            if (other != irregularity) {
                Migrator migrator = other.policy(builder(), Policy.ALLOW).build();
                refusedFor(irregularity, migrator::applyAll);
            }
        }
    }

    @Test
    void whatANewerBuildHasAppliedIsWarnedOfUnderEveryPolicy() {
        folder.delete("3_c.up.sql");
        for (Policy policy : Policy.values()) {
            Migrator older =
                    builder().missing(policy).changed(policy).outOfOrder(policy).build();
            assertThat(older.plan().blockers()).isEmpty();
            assertThat(older.plan().warnings()).containsExactly("3_c was applied by a newer build than this one");
            assertThat(older.applyAll()).isEmpty();
        }
        assertThat(warnings()).hasSize(3);
    }
}
