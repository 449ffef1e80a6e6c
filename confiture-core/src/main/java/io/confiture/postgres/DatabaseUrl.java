package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and how it is reached, read from {@code postgresql://}, {@code postgres://} (as libpq reads them) or
 * {@code jdbc:postgresql:} (as the driver does). Two are equal if they lead to the same hosts and database with the same
 * credentials and parameters, however they were written. Immutable and thread-safe; no text form but {@link #jdbc()}, and no
 * error, tells a credential.
 *
 * @since 0.1.0
 */
public final class DatabaseUrl {
    private static final String JDBC = "jdbc:postgresql:";
    private static final String USER = "user";
    private static final String PASSWORD = "password";

    private final List<UrlHost> hosts;
    private final @Nullable String database;
    /** By the driver's names, in the order of the URL. */
    private final Map<String, String> parameters;

    private DatabaseUrl(List<UrlHost> hosts, @Nullable String database, Map<String, String> parameters) {
        this.hosts = List.copyOf(hosts);
        this.database = database;
        this.parameters = Collections.unmodifiableMap(parameters);
    }

    /**
     * Reads a URL. What the driver cannot do, or would pass over in silence, is refused: sockets of the file system,
     * parameters of libpq that have no equal, and names that neither of the two knows.
     *
     * @throws ConfigurationException if it is none that leads to a PostgreSQL database; its message tells nothing that may
     *     be part of a password
     */
    public static DatabaseUrl parse(String url) {
        if (url.chars().anyMatch(Character::isISOControl)) {
            throw invalid("Not a valid URL: it has a line break or another control character in it", null);
        }
        if (url.startsWith(JDBC)) {
            return ofDriver(url.substring(JDBC.length()));
        }
        for (String scheme : List.of("postgresql://", "postgres://")) {
            if (url.startsWith(scheme)) {
                return ofLibpq(url.substring(scheme.length()));
            }
        }
        throw invalid("Not a PostgreSQL URL: it must begin with jdbc:postgresql:, postgresql:// or postgres://", null);
    }

    /** A URL of its parts, each as it is, without any encoding. */
    public static DatabaseUrl of(
            String host, int port, @Nullable String database, @Nullable String user, @Nullable String password) {
        Map<String, String> parameters = new LinkedHashMap<>();
        putIfSaid(parameters, USER, user);
        putIfSaid(parameters, PASSWORD, password);
        return new DatabaseUrl(List.of(UrlHost.of(host, port)), database, parameters);
    }

    private static void putIfSaid(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private static DatabaseUrl ofDriver(String text) {
        String authority = "";
        String path = text;
        if (text.startsWith("//")) {
            authority = text.substring(2, endOfAuthority(text, 2));
            path = text.substring(2 + authority.length());
            if (authority.indexOf('@') >= 0) {
                throw invalid(
                        "A jdbc: URL has no place for user and password before the host",
                        "Write jdbc:postgresql://host/database?user=…&password=…, or postgresql://user:password@host/database.");
            }
        } else if (text.startsWith("/")) {
            throw invalid("Not a valid URL: behind jdbc:postgresql: stands //host/database, or a database alone", null);
        }
        Map<String, String> parameters = UrlParameters.ofDriver(query(path, true), tellsNames(path));
        return new DatabaseUrl(UrlHost.list(authority), database(path, true), parameters);
    }

    private static DatabaseUrl ofLibpq(String text) {
        // Not by java.net.URI, which finds no host in a list of hosts or in a name with an underscore.
        String authority = text.substring(0, endOfAuthority(text, 0));
        String path = text.substring(authority.length());
        Map<String, String> query = query(path, false);
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            int colon = authority.indexOf(':');
            boolean password = colon >= 0 && colon < at;
            putOnce(query, USER, decoded(authority.substring(0, password ? colon : at), false));
            if (password) {
                putOnce(query, PASSWORD, decoded(authority.substring(colon + 1, at), false));
            }
        }
        String hosts = authority.substring(at + 1);
        String database = database(path, false);
        String namedHosts = query.remove("host");
        String namedPorts = query.remove("port");
        String namedDatabase = query.remove("dbname");
        if ((namedHosts != null || namedPorts != null) && !hosts.isEmpty()
                || namedDatabase != null && database != null) {
            throw invalid(
                    "Not a valid URL: its host, port or database is said twice, in the URL and as parameter", null);
        }
        return new DatabaseUrl(
                namedHosts == null && namedPorts == null
                        ? UrlHost.list(decoded(hosts, false))
                        : UrlHost.list(namedHosts, namedPorts),
                database == null ? namedDatabase : database,
                UrlParameters.ofLibpq(query, tellsNames(path)));
    }

    private static int endOfAuthority(String text, int start) {
        int end = start;
        while (end < text.length() && "/?".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** A slash or question mark within a password makes the rest of it look like path and query. */
    private static boolean tellsNames(String path) {
        return path.indexOf('@') < 0;
    }

    private static @Nullable String database(String path, boolean driver) {
        int question = path.indexOf('?');
        String text = question < 0 ? path : path.substring(0, question);
        String name = text.startsWith("/") ? text.substring(1) : text;
        if (name.indexOf('/') >= 0 || name.indexOf('@') >= 0) {
            throw invalid(
                    "Not a valid URL: there is / or @ in the name of its database, which may be the rest of a password",
                    "Percent-encode special characters: / is %2F, @ is %40, ? is %3F, % itself is %25.");
        }
        return name.isEmpty() ? null : decoded(name, driver);
    }

    private static Map<String, String> query(String path, boolean driver) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int question = path.indexOf('?');
        for (String pair :
                path.substring(question < 0 ? path.length() : question + 1).split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                putOnce(
                        parameters,
                        decoded(equals < 0 ? pair : pair.substring(0, equals), driver),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1), driver));
            }
        }
        return parameters;
    }

    private static void putOnce(Map<String, String> parameters, String name, String value) {
        if (parameters.put(name, value) != null) {
            throw invalid(
                    "Not a valid URL: one of its parameters is there twice"
                            + (UrlParameters.isKnown(name) ? " (" + name + ")" : ""),
                    null);
        }
    }

    /** The driver reads its URL as forms are encoded, where a plus is a space; in {@code postgresql://} it is a plus. */
    private static String decoded(String text, boolean driver) {
        try {
            return URLDecoder.decode(driver ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The decoder's own message would repeat part of the URL.
            throw invalid(
                    "Not a valid URL: there is a % without two hexadecimal digits in it",
                    "Percent-encode special characters of user and password; % itself is %25.");
        }
    }

    static ConfigurationException invalid(String message, @Nullable String hint) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, message, hint);
    }

    /** The URL for the driver, with user and password: for connecting alone, never for people. */
    public String jdbc() {
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return withoutSecrets() + (query.isEmpty() ? "" : "?" + query);
    }

    /** Hosts and database in the form of a {@code jdbc:} URL, without credentials and parameters. */
    public String withoutSecrets() {
        return JDBC + "//" + hosts.stream().map(UrlHost::toString).collect(Collectors.joining(",")) + "/"
                + (database == null ? "" : encoded(database));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * The name of the database: what the URL says, else that of the user, as the server has it. Null if the URL says neither.
     */
    public @Nullable String database() {
        return database == null ? user() : database;
    }

    /** The role, null if the URL names none: the driver then takes the name of the operating system's user. */
    public @Nullable String user() {
        return parameters.get(USER);
    }

    /** Whether the URL has a password. */
    public boolean hasPassword() {
        return parameters.containsKey(PASSWORD);
    }

    /** The same server, credentials and parameters, another database. */
    public DatabaseUrl withDatabase(String name) {
        return new DatabaseUrl(hosts, Objects.requireNonNull(name, "name"), parameters);
    }

    /** The same server, database and parameters, with another user or password; null leaves what the URL says. */
    public DatabaseUrl withCredentials(@Nullable String user, @Nullable String password) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        putIfSaid(changed, USER, user);
        putIfSaid(changed, PASSWORD, password);
        return new DatabaseUrl(hosts, database, changed);
    }

    /** As {@link #withoutSecrets()}. */
    @Override
    public String toString() {
        return withoutSecrets();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DatabaseUrl url
                && hosts.equals(url.hosts)
                && Objects.equals(database, url.database)
                && parameters.equals(url.parameters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hosts, database);
    }
}
