package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The connection details of a database as its properties have them. */
record PropertiesConnectionDetails(DatabaseProperties properties) implements ConfitureConnectionDetails {

    @Override
    public @Nullable String getJdbcUrl() {
        return properties.getUrl();
    }

    @Override
    public @Nullable String getUsername() {
        return properties.getUsername();
    }

    @Override
    public @Nullable String getPassword() {
        return properties.getPassword();
    }

    /** Without the values: one of them is a password. */
    @Override
    public String toString() {
        return "ConfitureConnectionDetails of properties";
    }
}
