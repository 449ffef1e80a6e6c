package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Migrates the database of a service, such as one of Docker Compose, that the application connects to. */
final class JdbcConfitureConnectionDetailsFactory
        implements ConnectionDetailsFactory<JdbcConnectionDetails, ConfitureConnectionDetails> {

    @Override
    public ConfitureConnectionDetails getConnectionDetails(JdbcConnectionDetails applications) {
        return new Adapted(applications);
    }

    /** No record: its text would be that of the details, with the password. */
    private static final class Adapted implements ConfitureConnectionDetails {
        private final JdbcConnectionDetails applications;

        Adapted(JdbcConnectionDetails applications) {
            this.applications = applications;
        }

        @Override
        public String getJdbcUrl() {
            return applications.getJdbcUrl();
        }

        @Override
        public @Nullable String getUsername() {
            return applications.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return applications.getPassword();
        }
    }
}
