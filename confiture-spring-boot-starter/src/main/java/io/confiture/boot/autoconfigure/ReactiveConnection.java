package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.DatabaseUrl;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.util.ClassUtils;

/**
 * The JDBC connection of an application that works by R2DBC alone: the same server, database and role. What cannot be said
 * in a JDBC URL is an error, because the migrations would otherwise connect in another way than the application.
 */
final class ReactiveConnection {
    private static final boolean SPI =
            ClassUtils.isPresent("io.r2dbc.spi.ConnectionFactory", ReactiveConnection.class.getClassLoader());
    private static final boolean BOOT = ClassUtils.isPresent(
            "org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails",
            ReactiveConnection.class.getClassLoader());

    private ReactiveConnection() {}

    /** Whether a context has a reactive connection of its own. */
    static boolean isIn(ListableBeanFactory beanFactory) {
        return SPI && Spi.isIn(beanFactory);
    }

    /**
     * The connection by JDBC, or null if there is no reactive one either.
     *
     * @throws ConfigurationException if there is one that has no equal
     */
    static @Nullable JdbcConnectionDetails asJdbc(ListableBeanFactory beanFactory) {
        if (!isIn(beanFactory)) {
            return null;
        }
        if (!BOOT) {
            throw unknown("it is not one that Spring Boot has configured");
        }
        return Boot.asJdbc(beanFactory);
    }

    private static ConfigurationException unknown(String why) {
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                "The application reaches its database by R2DBC alone; migrations need JDBC, and how to connect cannot be"
                        + " derived: " + why + ". Nothing was done",
                "Set confiture.url (jdbc:postgresql://… or postgresql://…), confiture.username and confiture.password.");
    }

    /** Apart, because an application may not have it. */
    private static final class Spi {
        static boolean isIn(ListableBeanFactory beanFactory) {
            return beanFactory.getBeanNamesForType(ConnectionFactory.class, true, false).length > 0;
        }
    }

    /** Apart, because an application may not have it. */
    private static final class Boot {
        /** What a JDBC URL of this driver cannot say, or says otherwise. */
        private static final List<String> WITHOUT_EQUAL = List.of(
                "socket",
                "options",
                "sslCert",
                "sslKey",
                "sslPassword",
                "sslContextBuilderCustomizer",
                "sslHostnameVerifier");

        static JdbcConnectionDetails asJdbc(ListableBeanFactory beanFactory) {
            R2dbcConnectionDetails details =
                    beanFactory.getBeanProvider(R2dbcConnectionDetails.class).getIfUnique();
            if (details == null) {
                throw unknown("it is not one that Spring Boot has configured");
            }
            ConnectionFactoryOptions options = details.getConnectionFactoryOptions();
            requirePostgres(options);
            for (String option : WITHOUT_EQUAL) {
                if (options.hasOption(Option.valueOf(option))) {
                    throw unknown("it has the option " + option);
                }
            }
            Object host = options.getValue(ConnectionFactoryOptions.HOST);
            Object database = options.getValue(ConnectionFactoryOptions.DATABASE);
            if (host == null || database == null) {
                throw unknown("it names no " + (host == null ? "host" : "database"));
            }
            Object port = options.getValue(ConnectionFactoryOptions.PORT);
            String url = "jdbc:postgresql://" + host + (port == null ? "" : ":" + port) + "/" + encoded(database)
                    + parameters(options);
            Object password = options.getValue(ConnectionFactoryOptions.PASSWORD);
            return new Derived(
                    DatabaseUrl.parse(url).jdbc(),
                    text(options.getValue(ConnectionFactoryOptions.USER)),
                    password == null ? null : password.toString());
        }

        private static void requirePostgres(ConnectionFactoryOptions options) {
            String driver = options.getValue(ConnectionFactoryOptions.DRIVER) + ":"
                    + text(options.getValue(ConnectionFactoryOptions.PROTOCOL));
            String wrapped = driver.replaceFirst("^(pool:|proxy:)+", "").replaceFirst(":(null)?$", "");
            if (!wrapped.equals("postgresql") && !wrapped.equals("postgres")) {
                throw unknown("its driver is " + wrapped);
            }
        }

        private static String parameters(ConnectionFactoryOptions options) {
            StringBuilder parameters = new StringBuilder();
            String mode = text(options.getValue(Option.valueOf("sslMode")));
            if (mode == null && "true".equals(text(options.getValue(ConnectionFactoryOptions.SSL)))) {
                mode = "verify-full";
            }
            if (mode != null) {
                String sslMode = mode.toLowerCase(Locale.ROOT).replace('_', '-');
                if (sslMode.equals("tunnel")) {
                    throw unknown("its sslMode is tunnel");
                }
                add(parameters, "sslmode", sslMode);
            }
            add(parameters, "sslrootcert", text(options.getValue(Option.valueOf("sslRootCert"))));
            add(parameters, "currentSchema", text(options.getValue(Option.valueOf("schema"))));
            return parameters.toString();
        }

        private static void add(StringBuilder parameters, String name, @Nullable String value) {
            if (value != null) {
                parameters
                        .append(parameters.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encoded(value));
            }
        }

        private static @Nullable String text(@Nullable Object value) {
            return value == null ? null : value.toString();
        }

        private static String encoded(Object value) {
            return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
        }
    }

    /** No record: its text would have the password in it. */
    private static final class Derived implements JdbcConnectionDetails {
        private final String url;
        private final @Nullable String username;
        private final @Nullable String password;

        Derived(String url, @Nullable String username, @Nullable String password) {
            this.url = url;
            this.username = username;
            this.password = password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public @Nullable String getUsername() {
            return username;
        }

        @Override
        public @Nullable String getPassword() {
            return password;
        }
    }
}
