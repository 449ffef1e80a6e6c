package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TcpProxy;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The connection breaks between COMMIT and its answer, once after the server has committed and once before it heard of it.
 * Whoever is told of it is not told more than anybody knows, and the next start copes with either.
 */
class UnansweredCommitTest extends MigratorTestCase {
    @AutoClose
    private final TcpProxy network = new TcpProxy();

    private Migrator migrator;
    private int commits;

    /** The network fails at the COMMIT of that number. */
    private void breakAtCommit(int number, boolean committed) {
        network.watch((link, sql) -> {
            if (sql.equals("COMMIT") && ++commits == number) {
                if (committed) {
                    link.insteadOfAnswer(TcpProxy.Link::reset);
                } else {
                    link.reset();
                }
                return committed;
            }
            return true;
        });
        migrator = Migrator.builder(network.url(database))
                .locations(folder.location())
                .build();
    }

    private ConfitureException failureOf(Consumer<Migrator> call) {
        ConfitureException e = catchThrowableOfType(ConfitureException.class, () -> call.accept(migrator));
        assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_FAILED);
        assertThat(e).hasMessageContaining("[08007]");
        return e;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMigrationIsSaidToBeAppliedOrNotAndTheNextStartGoesOn(boolean committed) {
        folder.three();
        // The first is that of the ledger.
        breakAtCommit(3, committed);
        ConfitureException e = failureOf(Migrator::applyAll);
        assertThat(e)
                .hasMessageContaining("State: the connection broke while Confiture was committing; whether"
                        + " 002_add_name is applied is in the ledger, which the next start reads.");
        assertThat(e.committed()).extracting(CommittedMigration::name).containsExactly("create_users");
        assertThat(migrator().applyAll()).hasSize(committed ? 1 : 2);
        assertThat(value("SELECT count(name) FROM users")).isEqualTo("2");
        assertThat(ledger()).containsExactly("001", "002", "003");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRollbackIsSaidToBeDoneOrNotAndCanBeDoneAgain(boolean committed) {
        folder.three();
        migrator().applyAll();
        breakAtCommit(1, committed);
        ConfitureException e = failureOf(m -> m.rollback("003"));
        assertThat(e).hasMessageContaining("whether 003_seed is rolled back is in the ledger");
        assertThat(ledger()).hasSize(committed ? 2 : 3);
        migrator().rollbackTo("001");
        assertThat(ledger()).containsExactly("001");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSegmentMayBeCommittedAndItsRowsAreInsertedOnce(boolean committed) {
        folder.write("1_s.up.sql", """
                CREATE TABLE t (id int);
                CREATE INDEX CONCURRENTLY i ON t (id);
                INSERT INTO t VALUES (1);
                INSERT INTO t VALUES (2);
                CREATE INDEX CONCURRENTLY j ON t (id);
                """);
        // Ledger, its companion, first segment, intent and end of the second, third segment.
        breakAtCommit(6, committed);
        assertThat(failureOf(Migrator::applyAll))
                .hasMessageContaining("State: of 1_s these are committed and stay: statement 1, statement 2. Whether"
                        + " statements 3 to 4 took effect as well could not be told before the connection broke;");
        migrator().applyAll();
        assertThat(database.values("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallbackMayHaveTakenEffectAndNoMigrationHas(boolean committed) {
        database.execute("CREATE TABLE told (what text)");
        folder.three().write("beforeMigrate.sql", "INSERT INTO told VALUES ('before');");
        breakAtCommit(2, committed);
        assertThat(failureOf(Migrator::applyAll))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("State: the connection broke while it was committed, so that it took effect as a"
                        + " whole or not at all; nothing was applied.");
        assertThat(value("SELECT count(*) FROM told")).isEqualTo(committed ? "1" : "0");
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBaselineIsSetAsAWholeOrNotAtAll(boolean committed) {
        folder.three();
        // Ledger, its companion, baseline.
        breakAtCommit(3, committed);
        assertThat(failureOf(m -> m.baseline("002")))
                .hasMessageContaining("It broke before the answer to COMMIT came, so that what was being committed took"
                        + " effect as a whole, or not at all; what was committed before stays");
        assertThat(ledger()).hasSize(committed ? 2 : 0);
        migrator().baseline("002");
        assertThat(ledger()).containsExactly("001", "002");
    }
}
