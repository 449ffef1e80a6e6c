package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** The parameters of a URL by the driver's names. The driver passes over what it does not know; here that is an error. */
final class UrlParameters {
    /** Those of libpq that the driver has under another name, and with the same values. */
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("application_name", "ApplicationName"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("krbsrvname", "kerberosServerName"),
            Map.entry("require_auth", "requireAuth"),
            Map.entry("sslnegotiation", "sslNegotiation"));

    /** Those of libpq that the driver has with other values. */
    private static final Map<String, Map<String, Map.Entry<String, String>>> TRANSLATED = Map.of(
            "keepalives",
            Map.of("1", Map.entry("tcpKeepAlive", "true"), "0", Map.entry("tcpKeepAlive", "false")),
            "load_balance_hosts",
            Map.of("random", Map.entry("loadBalanceHosts", "true"), "disable", Map.entry("loadBalanceHosts", "false")),
            "ssl",
            Map.of("true", Map.entry("sslmode", "require")),
            "target_session_attrs",
            Map.of(
                    "any", Map.entry("targetServerType", "any"),
                    "read-write", Map.entry("targetServerType", "primary"),
                    "primary", Map.entry("targetServerType", "primary"),
                    "read-only", Map.entry("targetServerType", "secondary"),
                    "standby", Map.entry("targetServerType", "secondary"),
                    "prefer-standby", Map.entry("targetServerType", "preferSecondary")));

    private static final String OS = "the driver leaves it to the operating system";
    private static final String TLS = "the driver takes it from Java's security settings";
    private static final String OAUTH = "the driver knows no OAuth";
    private static final String HOST = "write it in front of the first slash, as //host:port/database";

    /** What the driver cannot do, and why, or what to write in its place. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("fallback_application_name", "write application_name"),
            Map.entry("gssdelegation", "the driver hands no credentials on"),
            Map.entry("hostaddr", "write the address as host"),
            Map.entry("keepalives_count", OS),
            Map.entry("keepalives_idle", OS),
            Map.entry("keepalives_interval", OS),
            Map.entry("max_protocol_version", "the driver has one protocol only"),
            Map.entry("min_protocol_version", "the driver has one protocol only"),
            Map.entry("oauth_client_id", OAUTH),
            Map.entry("oauth_client_secret", OAUTH),
            Map.entry("oauth_issuer", OAUTH),
            Map.entry("oauth_scope", OAUTH),
            Map.entry(
                    "passfile",
                    "the driver finds its password file by the environment variable PGPASSFILE or the system property"
                            + " org.postgresql.pgpassfile, else as .pgpass in the home directory"),
            Map.entry("replication", "no SQL of ours runs on a connection for replication"),
            Map.entry("requirepeer", "it is about sockets of the file system, and the driver connects by TCP only"),
            Map.entry("requiressl", "write sslmode=require"),
            Map.entry("scram_client_key", "the driver takes passwords only"),
            Map.entry("scram_server_key", "the driver takes passwords only"),
            Map.entry("service", "it is a file that says where the database is then, and not the URL"),
            Map.entry("ssl_max_protocol_version", TLS),
            Map.entry("ssl_min_protocol_version", TLS),
            Map.entry("sslcertmode", "the driver sends the certificate that sslcert names, if the server asks for one"),
            Map.entry("sslcompression", "the driver never compresses"),
            Map.entry("sslcrl", TLS),
            Map.entry("sslcrldir", TLS),
            Map.entry("sslkeylogfile", "the driver writes no keys"),
            Map.entry("sslsni", "the driver always tells the name of the server"),
            Map.entry("tcp_user_timeout", OS),
            Map.entry("PGHOST", HOST),
            Map.entry("PGPORT", HOST),
            Map.entry("PGDBNAME", HOST));

    /** Those that are read before parameters are looked at, and one that has a single value. */
    private static final Set<String> OWN = Set.of("host", "port", "dbname", "client_encoding");

    private static final String SYSTEM = "system";
    private static final String VERIFY_FULL = "verify-full";

    private UrlParameters() {}

    static boolean isKnown(String name) {
        return ofDriver(name) || RENAMED.containsKey(name) || TRANSLATED.containsKey(name) || OWN.contains(name);
    }

    private static boolean ofDriver(String name) {
        return PGProperty.forName(name) != null && !REFUSED.containsKey(name);
    }

    /** Parameters of a {@code jdbc:} URL, none of which is changed. */
    static Map<String, String> ofDriver(Map<String, String> given, boolean tellsNames) {
        given.forEach((name, value) -> {
            if (REFUSED.containsKey(name) && PGProperty.forName(name) != null) {
                throw refused(name);
            }
            if (!ofDriver(name)) {
                throw unknown(name, tellsNames, Stream.empty());
            }
        });
        return given;
    }

    /** Parameters of a {@code postgresql://} URL: those of libpq, and the driver's own. */
    static Map<String, String> ofLibpq(Map<String, String> given, boolean tellsNames) {
        Map<String, String> parameters = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            Map.Entry<String, String> parameter = translated(name, value, tellsNames);
            if (parameter != null && parameters.put(parameter.getKey(), parameter.getValue()) != null) {
                throw DatabaseUrl.invalid(
                        "Not a valid URL: " + parameter.getKey() + " is said twice, once as " + name, null);
            }
        });
        if (SYSTEM.equals(given.get("sslrootcert"))) {
            // As libpq does: any server can get a certificate of a public authority, for a name of its own.
            String mode = parameters.putIfAbsent("sslmode", VERIFY_FULL);
            if (mode != null && !mode.equals(VERIFY_FULL)) {
                throw DatabaseUrl.invalid(
                        "The parameters of the URL contradict each other: sslrootcert=system goes with"
                                + " sslmode=verify-full only",
                        "Write sslmode=verify-full, or leave sslmode out.");
            }
        }
        return parameters;
    }

    private static Map.@Nullable Entry<String, String> translated(String name, String value, boolean tellsNames) {
        if (REFUSED.containsKey(name)) {
            throw refused(name);
        }
        if (name.equals("client_encoding")) {
            if (!value.matches("(?i)utf-?8")) {
                throw DatabaseUrl.invalid(
                        "The parameter client_encoding of the URL is not UTF8, and the driver speaks nothing else",
                        null);
            }
            return null;
        }
        if (name.equals("sslrootcert") && value.equals(SYSTEM)) {
            return Map.entry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        Map<String, Map.Entry<String, String>> values = TRANSLATED.get(name);
        if (values != null) {
            Map.Entry<String, String> translated = values.get(value);
            if (translated == null) {
                throw DatabaseUrl.invalid(
                        "The parameter " + name + " of the URL has a value that is not known",
                        "It is one of " + String.join(", ", new TreeSet<>(values.keySet())) + ".");
            }
            return translated;
        }
        String renamed = RENAMED.getOrDefault(name, name);
        if (!ofDriver(renamed)) {
            throw unknown(
                    name,
                    tellsNames,
                    Stream.of(RENAMED.keySet(), TRANSLATED.keySet(), OWN).flatMap(Set::stream));
        }
        return Map.entry(renamed, value);
    }

    private static ConfigurationException refused(String name) {
        return DatabaseUrl.invalid(
                "The parameter " + name + " of the URL cannot be used here: " + REFUSED.get(name), null);
    }

    private static ConfigurationException unknown(String name, boolean tellsNames, Stream<String> others) {
        if (!tellsNames) {
            return DatabaseUrl.invalid(
                    "Not a valid URL: one of its parameters has a name that is not known, or is the rest of a password",
                    "Percent-encode special characters of user and password: / is %2F, ? is %3F, @ is %40.");
        }
        @Nullable
        String equal = RENAMED.containsKey(name)
                ? RENAMED.get(name)
                : TRANSLATED.getOrDefault(name, Map.of()).values().stream()
                        .map(Map.Entry::getKey)
                        .findAny()
                        .orElse(null);
        String nearest = equal != null
                ? equal
                : Stream.concat(Stream.of(PGProperty.values()).map(PGProperty::getName), others)
                        .filter(valid -> !REFUSED.containsKey(valid))
                        .sorted()
                        .min(Comparator.comparingInt(valid -> EditDistance.between(name, valid)))
                        .orElseThrow();
        return DatabaseUrl.invalid(
                "Nothing knows the parameter " + name + " of the URL, and the driver would pass over it in silence",
                "Did you mean " + nearest + "?");
    }
}
