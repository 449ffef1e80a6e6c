package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Comparison of catalogs that are put together by hand; no server is asked. */
class CatalogComparisonTest {
    private static final FactId APP = FactId.schema("app");
    private static final FactId USERS = FactId.table("app", "users");
    private static final FactId EMAIL = USERS.child(FactKind.COLUMN, "email");
    private static final FactId VIEW = APP.child(FactKind.VIEW, "v");
    private static final FactId EXTENSION = new FactId(null, FactKind.EXTENSION, "citext");

    /** Facts, and what is said of each: {@code name=value}. */
    private static final class Facts {
        private final Map<FactId, SortedMap<String, String>> facts = new HashMap<>();

        Facts with(FactId id, String... properties) {
            SortedMap<String, String> values = new TreeMap<>();
            for (String property : properties) {
                int equals = property.indexOf('=');
                values.put(property.substring(0, equals), property.substring(equals + 1));
            }
            facts.put(id, values);
            return this;
        }

        Facts without(FactId left) {
            facts.keySet().removeIf(id -> id.isWithin(left));
            return this;
        }

        Catalog catalog(String... notModelled) {
            return new Catalog(17, new TreeSet<>(List.of("app")), FactTree.of(facts), List.of(notModelled));
        }
    }

    private static Facts base() {
        return new Facts()
                .with(APP, "owner=app")
                .with(USERS, "owner=app")
                .with(EMAIL, "type=text", "not null=true")
                .with(USERS.child(FactKind.COLUMN, "id"), "type=bigint")
                .with(USERS.child(FactKind.GRANT, "reader"), "privileges=SELECT")
                .with(VIEW, "definition= SELECT id,\n    email\n   FROM app.users;")
                .with(EXTENSION, "version=1.6");
    }

    private static List<String> differences(Facts actual, CatalogAspect... ignored) {
        return actual.catalog().compareTo(base().catalog(), ignored).differences().stream()
                .map(CatalogDifference::toString)
                .toList();
    }

    @Test
    void theSameFactsAreEqualInWhateverOrderTheyCome() {
        Facts other = new Facts().with(USERS.child(FactKind.COLUMN, "id"), "type=bigint");
        other.facts.putAll(base().facts);
        Catalog catalog = other.catalog();
        assertThat(catalog).isEqualTo(base().catalog()).hasSameHashCodeAs(base().catalog());
        assertThat(catalog.fingerprint())
                .isEqualTo(base().catalog().fingerprint())
                .hasSize(64);
        assertThat(catalog.compareTo(base().catalog())).hasToString("no differences");
        assertThat(catalog.fact(EMAIL)).isPresent();
        assertThat(catalog.fact(USERS.child(FactKind.COLUMN, "none"))).isEmpty();
        assertThat(catalog.fact(FactId.table("other", "users"))).isEmpty();
    }

    @Test
    void aDifferenceSaysWhatWasExpectedAndWhatIsThere() {
        assertThat(differences(base().with(EMAIL, "type=varchar(100)", "default='x'")))
                .containsExactly(
                        "table app.users: column email: default: (none) → 'x'",
                        "table app.users: column email: not null: true → (none)",
                        "table app.users: column email: type: text → varchar(100)");
        CatalogDifference first = base().with(EMAIL, "type=int", "not null=true")
                .catalog()
                .compareTo(base().catalog())
                .differences()
                .get(0);
        assertThat(first)
                .isEqualTo(new CatalogDifference(CatalogDifference.Kind.CHANGED, EMAIL, "type", "text", "int"));
        assertThat(first.objectType()).isEqualTo("column");
    }

    @Test
    void aMissingTableIsOneDifferenceAndNotOneForEachColumn() {
        assertThat(differences(base().without(USERS))).containsExactly("table app.users: removed");
        assertThat(differences(base().with(FactId.table("app", "t"))
                        .with(FactId.table("app", "t").child(FactKind.COLUMN, "id"), "type=int")))
                .containsExactly("table app.t: added");
        assertThat(differences(new Facts())).containsExactly("schema app: removed", "extension citext: removed");
    }

    @Test
    void ofALongTextTheFirstLineThatDiffersIsShown() {
        assertThat(differences(base().with(VIEW, "definition= SELECT id,\n    name\n   FROM app.users;")))
                .containsExactly("view app.v: definition: line 2: \"    email\" → \"    name\"");
        assertThat(differences(base().with(VIEW, "definition= SELECT id,\n    email")))
                .containsExactly("view app.v: definition: line 3: \"   FROM app.users;\" → (ends)");
        String common = "x".repeat(300);
        Facts expected = new Facts().with(APP).with(VIEW, "definition=" + common + "1");
        assertThat(new Facts()
                        .with(APP)
                        .with(VIEW, "definition=" + common + "2")
                        .catalog()
                        .compareTo(expected.catalog())
                        .differences())
                .singleElement()
                .asString()
                .contains("xxx1\" → \"…", "xxx2\"")
                .hasSizeLessThan(200);
    }

    @Test
    void ownersGrantsAndVersionsCountUnlessTheyAreLeftOut() {
        Facts other = base().with(APP, "owner=postgres")
                .with(USERS, "owner=postgres")
                .with(USERS.child(FactKind.GRANT, "reader"), "privileges=INSERT")
                .with(USERS.child(FactKind.GRANT, "writer"), "privileges=INSERT")
                .with(EXTENSION, "version=1.7", "comment=new");
        assertThat(differences(other)).hasSize(6);
        assertThat(differences(other, CatalogAspect.OWNERS)).hasSize(4);
        assertThat(differences(other, CatalogAspect.OWNERS, CatalogAspect.GRANTS))
                .containsExactly("extension citext: comment: (none) → new", "extension citext: version: 1.6 → 1.7");
        assertThat(differences(other, CatalogAspect.OWNERS, CatalogAspect.GRANTS, CatalogAspect.EXTENSION_VERSIONS))
                .isEmpty();
        assertThat(differences(base().without(EXTENSION), CatalogAspect.DATABASE_OBJECTS))
                .isEmpty();
        CatalogAspect[] all = CatalogAspect.values();
        assertThat(other.catalog().without(all).fingerprint())
                .isEqualTo(base().catalog().without(all).fingerprint())
                .isNotEqualTo(base().catalog().fingerprint());
    }

    @Test
    void someFactsCanBeLeftOutWithAllThatIsWithinThem() {
        Catalog left = base().catalog().without(USERS::equals);
        assertThat(left).isEqualTo(base().without(USERS).catalog());
        assertThat(left.facts()).noneMatch(fact -> fact.id().isWithin(USERS));
        assertThat(base().catalog().without(id -> false)).isEqualTo(base().catalog());
    }

    @Test
    void aRenamedPartKeepsItsHashAndTheWholeDoesNot() {
        Catalog renamed = base().without(EMAIL)
                .with(USERS.child(FactKind.COLUMN, "mail"), "type=text", "not null=true")
                .catalog();
        Catalog catalog = base().catalog();
        assertThat(renamed.fact(USERS.child(FactKind.COLUMN, "mail"))
                        .orElseThrow()
                        .hash())
                .isEqualTo(catalog.fact(EMAIL).orElseThrow().hash());
        assertThat(renamed.fact(USERS).orElseThrow().hash())
                .isNotEqualTo(catalog.fact(USERS).orElseThrow().hash());
        assertThat(renamed.fact(VIEW)).isEqualTo(catalog.fact(VIEW));
    }

    @Test
    void whatCannotBeVouchedForIsTold() {
        Catalog mine = base().catalog("type app.shell");
        Catalog other =
                new Catalog(14, new TreeSet<>(List.of("app")), FactTree.of(base().facts), List.of("conversion app.c"));
        assertThat(mine.compareTo(other).caveats())
                .hasSize(3)
                .anyMatch(caveat -> caveat.contains("PostgreSQL 14"))
                .contains(
                        "conversion app.c is of a kind that is not compared",
                        "type app.shell is of a kind that is not compared");
        assertThat(mine.compareTo(other).toString())
                .startsWith("no differences\n  not certain: expected is of PostgreSQL 14");
    }

    @Test
    void factsComeParentsFirstAndOtherwiseByKindAndName() {
        List<FactId> ids = base().catalog().facts().stream().map(Fact::id).toList();
        assertThat(ids)
                .isSorted()
                .containsExactly(
                        APP,
                        USERS,
                        EMAIL,
                        USERS.child(FactKind.COLUMN, "id"),
                        USERS.child(FactKind.GRANT, "reader"),
                        VIEW,
                        EXTENSION);
        assertThat(APP.child(FactKind.GRANT, "a b")).hasToString("schema app: grant to \"a b\"");
        assertThat(USERS.child(FactKind.OWNER_GRANT, "")).hasToString("table app.users: grant to its owner");
    }

    /** Two catalogs of 2,000 tables: what is the same is passed over by its hash. */
    @Test
    void oneDifferenceAmongManyTablesIsFound() {
        Facts many = new Facts().with(APP);
        IntStream.range(0, 2000).forEach(table -> {
            FactId id = FactId.table("app", "t" + table);
            many.with(id);
            IntStream.range(0, 10).forEach(column -> many.with(id.child(FactKind.COLUMN, "c" + column), "type=text"));
        });
        Catalog expected = many.catalog();
        many.with(FactId.table("app", "t1234").child(FactKind.COLUMN, "c7"), "type=int");
        assertThat(many.catalog().compareTo(expected).differences())
                .singleElement()
                .hasToString("table app.t1234: column c7: type: text → int");
    }
}
