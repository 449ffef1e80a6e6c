package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.test.DatabaseContents;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fresh database and an empty folder of migrations for each test. */
abstract class MigratorTestCase {
    @AutoClose
    final TestDatabase database = TestDatabase.create();

    @TempDir
    Path temp;

    MigrationFolder folder;

    @BeforeEach
    void folder() {
        folder = new MigrationFolder(temp.resolve("migrations"));
    }

    MigratorBuilder builder() {
        return Migrator.builder(database.dataSource()).locations(folder.location());
    }

    Migrator migrator() {
        return builder().build();
    }

    String value(String sql) {
        return String.valueOf(database.value(sql));
    }

    /** Why a migration that was tried would fail. */
    static DryRunReport.Failure failure(DryRunReport.MigrationTrial trial) {
        return Objects.requireNonNull(trial.failure());
    }

    /** What is in the ledger, in the order in which it was written. */
    List<@Nullable String> ledger() {
        return database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture");
    }

    /** Whether a relation of that name is on the search path. */
    boolean exists(String relation) {
        return database.value("SELECT to_regclass('" + relation + "')") != null;
    }

    /** Calls, and asserts that it fails as expected, says what to do, and leaves the database exactly as it was. */
    <T extends ConfitureException> T refused(Class<T> type, ErrorCode code, ThrowingCallable call) {
        List<String> before = DatabaseContents.of(database);
        T failure = fails(type, code, call);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        return failure;
    }

    /** Calls, and asserts that it fails as expected and says what to do. */
    static <T extends ConfitureException> T fails(Class<T> type, ErrorCode code, ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).isExactlyInstanceOf(type);
        T typed = type.cast(failure);
        assertThat(typed.code()).isEqualTo(code);
        assertThat(typed).hasMessageStartingWith(code.code() + ": ");
        if (typed.hint() != null) {
            assertThat(typed).hasMessageContaining("Hint: " + typed.hint());
        }
        return typed;
    }
}
