package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * How migrations connect where that is not how the application does. A bean of this type takes the place of
 * {@code confiture.url}, {@code confiture.username} and {@code confiture.password}.
 *
 * @since 0.1.0
 */
public interface ConfitureConnectionDetails extends ConnectionDetails {

    /** The JDBC URL, or null to use the application's data source. */
    @Nullable
    String getJdbcUrl();

    /** The role that migrates, or null for the one of the application's data source. */
    @Nullable
    String getUsername();

    /** The password of that role, or null. */
    @Nullable
    String getPassword();
}
