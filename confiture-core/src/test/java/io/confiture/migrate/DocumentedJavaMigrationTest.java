package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The Java, repeatable and labelled migrations that the page on migrations shows, run. */
class DocumentedJavaMigrationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    // migration
    static final class DigestEmails implements JavaMigration {
        record User(long id, String email) {}

        @Override
        public String version() {
            return "002";
        }

        @Override
        public String name() {
            return "digest_emails";
        }

        @Override
        public void up(MigrationContext context) throws GeneralSecurityException {
            JdbcClient jdbc = context.jdbc();
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            List<User> users = jdbc.sql("SELECT id, email FROM users")
                    .query((row, number) -> new User(row.getLong("id"), row.getString("email")))
                    .list();
            for (User user : users) {
                jdbc.sql("UPDATE users SET email_digest = ? WHERE id = ?")
                        .params(sha256.digest(user.email().getBytes(StandardCharsets.UTF_8)), user.id())
                        .update();
            }
        }

        @Override
        public String checksum() {
            return "SHA-256 of the email, 1";
        }

        @Override
        public boolean retryable() {
            return true; // it touches nothing but its transaction
        }
    }
    // end

    @Test
    void thePagesJavaMigrationRunsBetweenItsScripts() {
        // builder
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("classpath:docs-java")
                .javaMigration(new DigestEmails())
                .labels(List.of("demo"))
                .build();
        // end
        assertThat(migrator.applyAll())
                .extracting(MigrationResult::toString)
                .map(text -> text.substring(0, text.indexOf(' ')))
                .containsExactly("001_create_users", "002_digest_emails", "003_demo_users", "R__user_names");
        assertThat(database.value("SELECT count(*) FROM users WHERE email_digest = sha256(email::bytea)"))
                .isEqualTo("2");
        assertThat(database.values("SELECT name FROM user_names ORDER BY id")).containsExactly("ada", "alan", "demo");
        assertThat(migrator.validate().valid()).isTrue();
    }
}
