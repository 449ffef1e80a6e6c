package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was proven of the schema that a database was built from is told from then on. */
class EquivalenceRecordTest extends MigratorTestCase {
    @BeforeEach
    void migrations() {
        folder.three();
    }

    private boolean proven() {
        return Objects.requireNonNull(migrator().status().origin()).equivalenceProven();
    }

    @Test
    void aProofIsRecordedOnceAndToldFromThenOn() {
        migrator().baselineFrom(TestSchema.THREE);
        assertThat(proven()).isFalse();
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isTrue();
        assertThat(proven()).isTrue();
        assertThat(migrator().status().migrations().get(0).detail()).endsWith("; equivalence proven");
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isTrue();
        assertThat(value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'equivalent'"))
                .isEqualTo("1");
    }

    @Test
    void aProofOfAnotherSchemaIsNone() {
        migrator().baselineFrom(TestSchema.THREE);
        assertThat(migrator().confirmEquivalence("other")).isFalse();
        assertThat(proven()).isFalse();
    }

    @Test
    void aProofWithOtherMigrationsIsNone() {
        migrator().baselineFrom(TestSchema.THREE);
        folder.write("004_more.up.sql", "CREATE TABLE more ()");
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isFalse();
        migrator().applyAll();
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isFalse();
        assertThat(proven()).isFalse();
    }

    @Test
    void aProofWithAChangedMigrationIsNone() {
        migrator().baselineFrom(TestSchema.THREE);
        folder.write("002_add_name.up.sql", "ALTER TABLE users ADD COLUMN name varchar;");
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isFalse();
    }

    @Test
    void ofADatabaseThatWasMigratedNothingIsRecorded() {
        migrator().applyAll();
        assertThat(migrator().confirmEquivalence(TestSchema.HASH)).isFalse();
        assertThat(exists("tb_confiture_run")).isFalse();
    }

    @Test
    void builtAgainFromAnotherSchemaItIsNotProven() {
        folder.write("002_add_name.down.sql", "").write("003_seed.down.sql", "");
        migrator().baselineFrom(TestSchema.THREE);
        migrator().confirmEquivalence(TestSchema.HASH);
        migrator().rollback("003");
        migrator().rollback("002");
        migrator().rollback("001");
        assertThat(migrator().status().origin()).isNull();
        TestSchema other = new TestSchema(
                "other",
                TestSchema.THREE.sql(),
                TestSchema.THREE.tablesWithRows(),
                TestSchema.THREE.coveredMigrations(),
                TestSchema.THREE.created());
        assertThat(migrator().baselineFrom(other).built()).isTrue();
        assertThat(proven()).isFalse();
    }
}
