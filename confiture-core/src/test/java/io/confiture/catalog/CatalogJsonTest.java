package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.SchemaException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The catalog as text; no server is asked. */
class CatalogJsonTest {
    private static final FactId TABLE = FactId.table("app", "\"Täble\"\\ \uD83E\uDD51");

    private static Catalog catalog() {
        FactTree tree = FactTree.of(Map.of(
                FactId.schema("app"),
                new TreeMap<String, String>(),
                TABLE,
                new TreeMap<>(Map.of("comment", "a\n\r\t\u0001\ufeff\u2028'\"/\\u0041", "owner", "")),
                TABLE.child(FactKind.COLUMN, "id"),
                new TreeMap<>(Map.of("type", "integer")),
                new FactId(null, FactKind.EXTENSION, "citext"),
                new TreeMap<>(Map.of("version", "1.6"))));
        return new Catalog(16, new TreeSet<>(List.of("app", "b\"c")), tree, List.of("type app.shell"));
    }

    @Test
    void aCatalogComesBackAsItWas() {
        String json = catalog().toJson();
        Catalog back = Catalog.fromJson(json);
        assertThat(back).isEqualTo(catalog());
        assertThat(back.facts()).isEqualTo(catalog().facts());
        assertThat(back.serverMajor()).isEqualTo(16);
        assertThat(back.schemas()).containsExactly("app", "b\"c");
        assertThat(back.notModelled()).containsExactly("type app.shell");
        assertThat(back.toJson()).isEqualTo(json);
    }

    /** The form is kept for ever: older texts are shipped with applications. */
    @Test
    void theTextIsTheSameInEveryVersion() {
        FactTree tree = FactTree.of(Map.of(
                FactId.schema("app"),
                new TreeMap<>(Map.of("owner", "me")),
                FactId.table("app", "t"),
                new TreeMap<>(Map.of("comment", "two\nlines"))));
        assertThat(new Catalog(17, new TreeSet<>(List.of("app")), tree, List.of()).toJson())
                .isEqualTo("""
                {
                "confiture-catalog": 1,
                "server": 17,
                "schemas": ["app"],
                "not-modelled": [],
                "fingerprint": "2ea86d594d86fb23fb08ed0e304c84563ca03377539ae8661718bc6e973d7857",
                "facts": [
                 {"kind": "schema", "name": "app", "properties": {"owner": "me"}, "parts": [
                  {"kind": "table", "name": "t", "properties": {"comment": "two\\nlines"}, "parts": []}]}]
                }
                """);
    }

    @Test
    void whiteSpaceAndAByteOrderMarkAreNothing() {
        assertThat(Catalog.fromJson("\ufeff" + catalog().toJson().replace("\n", "\r\n")))
                .isEqualTo(catalog());
    }

    @Test
    void aTextThatEndsAnywhereIsRefusedWithItsPlace() {
        String json = catalog().toJson().stripTrailing();
        for (int end = 0; end < json.length(); end++) {
            String cut = json.substring(0, end);
            assertThatThrownBy(() -> Catalog.fromJson(cut))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("SCHEMA_211")
                    .hasMessageMatching("(?s).*at line \\d+, column \\d+: .*");
        }
    }

    @Test
    void aTextOfWhichAnyCharacterWasChangedIsRefused() {
        String json = catalog().toJson().stripTrailing();
        int facts = json.indexOf("\"fingerprint\"");
        for (int place = facts; place < json.length(); place++) {
            char was = json.charAt(place);
            if (!Character.isWhitespace(was)) {
                String changed = json.substring(0, place) + (was == 'x' ? 'y' : 'x') + json.substring(place + 1);
                assertThatThrownBy(() -> Catalog.fromJson(changed))
                        .as("place %d of %s", place, changed)
                        .isInstanceOf(SchemaException.class);
            }
        }
    }

    @Test
    void whatItSaysIsSaidWithLineAndColumn() {
        String json = catalog().toJson();
        refused(json.replace("\"confiture-catalog\": 1", "\"confiture-catalog\": 2"), "line 2", "reads format 1");
        refused(json.replace("\"kind\": \"extension\"", "\"kind\": \"extensiom\""), "unknown kind \"extensiom\"");
        refused(json.replace("\"1.6\"", "\"1.7\""), "line 6, column", "fingerprint");
        refused(json + "x", "goes on where it should end");
        refused(json.replace("\"server\"", "\"sever\""), "line 3, column 1: \"server\" expected, found \"sever\"");
        refused("", "line 1, column 1");
        refused(
                json.substring(0, json.indexOf("\"facts\": ") + 9)
                        + "[{\"kind\": \"schema\", \"name\": \"x\", \"properties\": {}, \"parts\": ".repeat(100_000),
                "parts within parts");
        refused(json.replace("\"type\": \"integer\"", "\"type\": \"integer\", \"type\": \"text\""), "\"type\" twice");
    }

    private static void refused(String text, String... said) {
        assertThatThrownBy(() -> Catalog.fromJson(text))
                .isInstanceOf(SchemaException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(said));
    }
}
