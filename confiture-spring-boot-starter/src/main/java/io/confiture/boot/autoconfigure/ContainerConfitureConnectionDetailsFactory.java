package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.JdbcDatabaseContainer;

/** Migrates the database in a container marked with {@link ServiceConnection}. */
final class ContainerConfitureConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<JdbcDatabaseContainer<?>, ConfitureConnectionDetails> {

    @Override
    protected ConfitureConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
        return new OfContainer(source);
    }

    private static final class OfContainer extends ContainerConnectionDetails<JdbcDatabaseContainer<?>>
            implements ConfitureConnectionDetails {

        OfContainer(ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
            super(source);
        }

        @Override
        public @Nullable String getJdbcUrl() {
            return getContainer().getJdbcUrl();
        }

        @Override
        public @Nullable String getUsername() {
            return getContainer().getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return getContainer().getPassword();
        }
    }
}
