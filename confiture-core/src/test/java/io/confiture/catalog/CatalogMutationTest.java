package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One change after the other is made to a database with every kind of object, seen and named, and undone. */
@Tag("conformance")
class CatalogMutationTest {
    private static final List<String> SCHEMAS = List.of("shop", "parts", "code", "kinds", "guarded", "later");

    private record Mutation(String change, String undo, String difference) {
        static Mutation of(String line) {
            String[] parts = line.split(" ## ");
            assertThat(parts).as(line).hasSize(3);
            return new Mutation(parts[0], parts[1], parts[2]);
        }

        boolean isNamedBy(String text) {
            return text.startsWith(difference) || text.endsWith(difference);
        }
    }

    private static List<Mutation> mutations() {
        return CatalogGround.resource("mutations.txt")
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Mutation::of)
                .toList();
    }

    @Test
    void eachOfTheMutationsIsSeenAndNamedAndUndoneLeavesNone() throws SQLException {
        SoftAssertions softly = new SoftAssertions();
        List<Mutation> mutations = mutations();
        int seen = 0;
        try (TestDatabase database = CatalogGround.whole();
                Connection connection = database.connect()) {
            Catalog original = Catalog.read(connection, SCHEMAS);
            for (Mutation mutation : mutations) {
                CatalogGround.run(database, List.of(mutation.change()));
                CatalogComparison changed = Catalog.read(connection, SCHEMAS).compareTo(original);
                boolean named = changed.differences().stream()
                        .map(CatalogDifference::toString)
                        .anyMatch(mutation::isNamedBy);
                softly.assertThat(named)
                        .as("%s ## %s ## %s", mutation.change(), mutation.difference(), changed)
                        .isTrue();
                seen += named ? 1 : 0;
                CatalogGround.run(database, List.of(mutation.undo()));
                CatalogComparison undone = Catalog.read(connection, SCHEMAS).compareTo(original);
                softly.assertThat(undone.differences())
                        .as("after %s", mutation.undo())
                        .isEmpty();
            }
        }
        System.out.printf("catalog: %d mutations, %d seen%n", mutations.size(), seen);
        softly.assertAll();
        assertThat(mutations).hasSizeGreaterThanOrEqualTo(120);
        assertThat(seen).isEqualTo(mutations.size());
    }
}
