package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    ALTER ROLE a PASSWORD 's' VALID UNTIL 'x'   | ALTER ROLE a PASSWORD '***' VALID UNTIL 'x'
                    ALTER ROLE a PASSWORD 'it''s' SUPERUSER     | ALTER ROLE a PASSWORD '***' SUPERUSER
                    EXECUTE 'ROLE a PASSWORD ''s'''; SELECT 'x' | EXECUTE 'ROLE a PASSWORD ''***'''; SELECT 'x'
                    ALTER ROLE a PASSWORD $$s$$ LOGIN           | ALTER ROLE a PASSWORD '***' LOGIN
                    'host=h password=s user=u'                  | 'host=h password=*** user=u'
                    jdbc:postgresql://h/d?password=s&user=u     | jdbc:postgresql://h/d?password=***&user=u
                    postgresql://me:s@h/d                       | postgresql://me:***@h/d
                    The attempt failed. (me:s@host.example)     | The attempt failed. (me:***@host.example)
                    me:s@127.0.0.1                              | me:***@127.0.0.1
                    set_config('a.password', 's', false), x     | set_config('a.password', '***', false), x
                    set_config('a.password','it''s',false), 'x' | set_config('a.password','***',false), 'x'
                    EXECUTE 'f(''password'', ''s'')'; SELECT 'x' | EXECUTE 'f(''password'', ''***'')'; SELECT 'x'
                    ('{"password": "s", "user": "u"}')          | ('{"password": "***", "user": "u"}')
                    INSERT INTO u ("password", "user")          | INSERT INTO u ("password", "user")
                    'mailto:me@host.example'                    | 'mailto:me@host.example'
                    UPDATE users SET password_hash = 'x'        | UPDATE users SET password_hash = 'x'
                    """)
    void onlyThePasswordIsMaskedAndTheTextStillReadsAsBefore(String text, String masked) {
        assertThat(Secrets.mask(text)).isEqualTo(masked);
        assertThat(Secrets.mask(masked)).isEqualTo(masked);
    }

    @Test
    void aTextOfAnyLengthIsMasked() {
        for (String quote : new String[] {"'", "''", "$$", "E'\\'"}) {
            String text = "x PASSWORD " + quote + (quote.equals("''") ? "a'b " : "a''b \\\\").repeat(200_000);
            assertThat(Secrets.mask(text)).hasSizeLessThan(100);
        }
    }
}
