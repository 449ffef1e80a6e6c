package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.SchemaException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema that one transaction has no room for, and the two ways out that its error names. */
class LockRoomTest {
    /** The table, its TOAST table, the index of that, two keys and a sequence. */
    private static final long RELATIONS_OF_TABLE = 6;

    private static final int FILES = 4;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    private long setting(String name) {
        return Long.parseLong(String.valueOf(database.value("SELECT current_setting('" + name + "')")));
    }

    @Test
    void theValueThatIsNeededIsToldAndATransactionForEachFileNeedsLess() {
        long transactions = setting("max_connections") + setting("max_prepared_transactions");
        long tables = setting("max_locks_per_transaction") * transactions / RELATIONS_OF_TABLE + 1;
        SourceTree tree = new SourceTree(project);
        for (int file = 0; file < FILES; file++) {
            StringBuilder some = new StringBuilder();
            for (long table = file; table < tables; table += FILES) {
                some.append("CREATE TABLE t").append(table).append(" (id serial PRIMARY KEY, name text UNIQUE);\n");
            }
            tree.write("db/schema/" + file + ".sql", some.toString());
        }
        long needed = (tables * RELATIONS_OF_TABLE + transactions - 1) / transactions;
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource()))
                .isInstanceOfSatisfying(
                        SchemaException.class,
                        e -> assertThat(e.hint()).contains("max_locks_per_transaction = " + needed + " and"));
        assertThat(database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
        ExecuteOptions perFile = ExecuteOptions.defaults().withTransaction(TransactionMode.PER_FILE);
        assertThat(tree.builder().execute(database.dataSource(), perFile).tablesCreated())
                .isEqualTo(tables);
    }
}
