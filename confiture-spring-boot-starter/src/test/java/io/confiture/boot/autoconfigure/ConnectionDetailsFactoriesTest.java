package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** How services of Docker Compose and containers become what migrations connect to. */
class ConnectionDetailsFactoriesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final class Service implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return database.url();
        }

        @Override
        public String getUsername() {
            return "postgres";
        }

        @Override
        public String getPassword() {
            return "hunter2";
        }
    }

    private static ConfitureConnectionDetails adapted(JdbcConnectionDetails service) {
        ConnectionDetails details = new ConnectionDetailsFactories(
                        ConnectionDetailsFactoriesTest.class.getClassLoader())
                .getConnectionDetails(service, true)
                .get(ConfitureConnectionDetails.class);
        assertThat(details).isInstanceOf(ConfitureConnectionDetails.class);
        return (ConfitureConnectionDetails) Objects.requireNonNull(details);
    }

    @Test
    void theServiceOfTheApplicationIsWhatIsMigratedWhateverUrlIsConfigured() {
        ConfitureConnectionDetails details = adapted(new Service());
        assertThat(details.getUsername()).isEqualTo("postgres");
        assertThat(details.getPassword()).isEqualTo("hunter2");
        assertThat(details.toString()).doesNotContain("hunter2");
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withBean(ConfitureConnectionDetails.class, () -> details)
                .withPropertyValues("confiture.url=jdbc:postgresql://production.invalid/shop")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
    }
}
