package io.confiture.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void everyCodeIsUniqueAndExplainedInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/troubleshooting.md"));
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        assertThat(ErrorCode.values()).allSatisfy(code -> assertThat(page).contains("`" + code.code() + "`"));
    }

    @Test
    void aMessageBeginsWithTheCodeAndEndsWithTheHint() {
        ConfitureException e = new ConfitureException(ErrorCode.OUT_OF_ORDER, "What failed", "What to do");
        assertThat(e).hasMessageStartingWith("MIGR_111: What failed").hasMessageEndingWith("Hint: What to do");
    }
}
