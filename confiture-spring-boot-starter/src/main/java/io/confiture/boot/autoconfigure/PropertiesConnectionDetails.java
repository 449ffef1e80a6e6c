package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.DatabaseUrl;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The connection details of a database as its properties have them. Its URL may be one of libpq, and is read as everywhere
 * else; that of a driver around the PostgreSQL driver is left to it.
 *
 * @param prefix of the properties, to name them
 */
record PropertiesConnectionDetails(DatabaseProperties properties, String prefix) implements ConfitureConnectionDetails {
    private static final Pattern OF_ANOTHER_DRIVER = Pattern.compile("jdbc:(?!postgresql:).*", Pattern.DOTALL);

    /** @throws ConfigurationException if it is no URL of a database, or names another user than the properties */
    @Override
    public @Nullable String getJdbcUrl() {
        String said = properties.getUrl();
        if (said == null
                || !StringUtils.hasText(said)
                || OF_ANOTHER_DRIVER.matcher(said).matches()) {
            return said;
        }
        DatabaseUrl url = parsed(said);
        requireOneUser(url);
        return url.jdbc();
    }

    private DatabaseUrl parsed(String url) {
        try {
            return DatabaseUrl.parse(url.strip());
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, prefix + ".url: " + reason(e) + ". Nothing was done", e.hint());
        }
    }

    /** Without its code and hint. */
    private static String reason(ConfigurationException failure) {
        String first = String.valueOf(failure.getMessage()).lines().findFirst().orElseThrow();
        return first.substring(failure.code().code().length() + 2);
    }

    /** The driver lets the URL win. */
    private void requireOneUser(DatabaseUrl url) {
        String username = textOrNull(properties.getUsername());
        String password = textOrNull(properties.getPassword());
        boolean otherUser = username != null
                && !Objects.requireNonNullElse(url.user(), username).equals(username);
        boolean otherPassword = password != null
                && url.hasPassword()
                && !url.withCredentials(null, password).equals(url);
        if (otherUser || otherPassword) {
            String part = otherUser ? "username" : "password";
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    prefix + ".url has a " + part + " in it, and " + prefix + "." + part
                            + " is another. Nothing was done",
                    "Remove one of the two: neither wins.");
        }
    }

    private static @Nullable String textOrNull(@Nullable String text) {
        return StringUtils.hasText(text) ? text : null;
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
