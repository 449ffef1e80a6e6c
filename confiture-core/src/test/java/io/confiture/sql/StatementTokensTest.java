package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StatementTokensTest {

    private static StatementTokens tokens(String script) {
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader = ScriptReader.open("a.sql", new ByteArrayInputStream(bytes), ScriptSection.WHOLE)) {
            return StatementTokens.of(Objects.requireNonNull(reader.next()));
        }
    }

    @Test
    void commentsAreNoTokensAndLiteralsAreOne() {
        StatementTokens tokens = tokens("SELECT /* a, b */ 'x, y' -- z\n, $$ p, q $$, \"N, M\", E'\\'';");
        assertThat(tokens.count()).isEqualTo(8);
        assertThat(tokens.value(1)).isEqualTo("x, y");
        assertThat(tokens.value(3)).isEqualTo(" p, q ");
        assertThat(tokens.raw(5)).isEqualTo("\"N, M\"");
        assertThat(tokens.word(99)).isEmpty();
    }

    @Test
    void placesHoldBehindCharactersOfSeveralBytes() {
        StatementTokens tokens = tokens("\uFEFFSELECT 'é😀',\n  é, \"😀\" ;");
        assertThat(tokens.text(3, 6)).isEqualTo("é, \"😀\"");
        assertThat(tokens.position(5)).isEqualTo(new SourcePosition(2, 6, 3 + 7 + 8 + 2 + 2 + 4));
        assertThat(tokens.endPosition(5).offset() - tokens.position(5).offset()).isEqualTo(6);
    }

    @Test
    void namesAreReadAsTheServerStoresThem() {
        StatementTokens tokens = tokens("TABLE App.\"My \"\"T\"\"\" , U&\"d!0061t\" UESCAPE '!' (a (b) c) d");
        assertThat(tokens.accept("table")).isTrue();
        assertThat(tokens.name()).isEqualTo(new ObjectName("app", "My \"T\""));
        assertThat(tokens.name()).isNull();
        assertThat(tokens.accept(",")).isTrue();
        assertThat(tokens.identifier()).isEqualTo("dat");
        assertThat(tokens.word(tokens.behindParentheses(tokens.at()))).isEqualTo("d");
    }
}
