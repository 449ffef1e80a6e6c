package io.confiture.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of the hosts of a URL; an IPv6 address has its brackets. Its text leaves out the usual port. */
record UrlHost(String name, int port) {
    private static final int USUAL_PORT = 5432;
    private static final int LAST_PORT = 65_535;
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}_.-]+|\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[\\p{L}\\p{N}_.-]+)?]");

    /**
     * @throws io.confiture.error.ConfigurationException if the driver cannot reach it; without telling it, since it may be
     *     the beginning of a password
     */
    static UrlHost of(String name, int port) {
        if (name.startsWith("/") || name.startsWith("@")) {
            throw DatabaseUrl.invalid(
                    "A socket of the file system was given as host, and the PostgreSQL JDBC driver connects by TCP only",
                    "Name a host (localhost, with listen_addresses set on the server), or write a jdbc:postgresql: URL with a"
                            + " socketFactory that knows such sockets.");
        }
        String host = name.isEmpty() ? "localhost" : bracketed(name);
        if (!NAME.matcher(host).matches()) {
            throw DatabaseUrl.invalid(
                    "Not a valid URL: what stands in the place of the host is no name or address of one",
                    "Percent-encode special characters of user and password (/ is %2F, ? is %3F), and put an IPv6 address"
                            + " in brackets.");
        }
        if (port < 1 || port > LAST_PORT) {
            throw noPort();
        }
        return new UrlHost(host, port);
    }

    private static String bracketed(String name) {
        return name.chars().filter(c -> c == ':').count() > 1 && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    private static RuntimeException noPort() {
        return DatabaseUrl.invalid(
                "Not a valid URL: a port is no number from 1 to 65535, or is the beginning of a password",
                "Percent-encode special characters of user and password: / is %2F, ? is %3F, # is %23.");
    }

    /** The hosts of {@code host[:port],host[:port]…}; the driver's usual one if there is none. */
    static List<UrlHost> list(String authority) {
        List<UrlHost> hosts = new ArrayList<>();
        for (String part : authority.split(",", -1)) {
            int colon = part.indexOf(':', Math.max(part.lastIndexOf(']'), 0));
            if (colon < 0) {
                hosts.add(of(part, USUAL_PORT));
            } else {
                if (part.indexOf(':', colon + 1) >= 0) {
                    throw DatabaseUrl.invalid(
                            "Not a valid URL: a host has more than one colon behind it",
                            "Put an IPv6 address in brackets.");
                }
                hosts.add(of(part.substring(0, colon), port(part.substring(colon + 1))));
            }
        }
        return hosts;
    }

    /** The hosts of libpq's parameters for hosts and ports: one port for all, or one each. */
    static List<UrlHost> list(@Nullable String names, @Nullable String ports) {
        String[] name = (names == null ? "" : names).split(",", -1);
        String[] port = (ports == null ? "" : ports).split(",", -1);
        if (port.length != 1 && port.length != name.length) {
            throw DatabaseUrl.invalid(
                    "Not a valid URL: it has " + name.length + " hosts and " + port.length + " ports", null);
        }
        List<UrlHost> hosts = new ArrayList<>();
        for (int i = 0; i < name.length; i++) {
            hosts.add(of(name[i], port(port[port.length == 1 ? 0 : i])));
        }
        return hosts;
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return USUAL_PORT;
        }
        if (!text.matches("[0-9]{1,5}")) {
            throw noPort();
        }
        return Integer.parseInt(text);
    }

    @Override
    public String toString() {
        return port == USUAL_PORT ? name : name + ":" + port;
    }
}
