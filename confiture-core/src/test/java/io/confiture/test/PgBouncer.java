package io.confiture.test;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real PgBouncer, from the PATH, in front of the server of the tests. It listens on the loopback address, pools per
 * database, and ends with the test. Where it is not installed, starting it fails.
 */
public final class PgBouncer implements AutoCloseable {
    private static final int PROTOCOL = 3 << 16;
    private static final long STARTS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path folder;
    private final int port;
    private Process process;

    private PgBouncer(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /** In transaction mode, with so many server connections for each database. */
    public static PgBouncer ofTransactions(int poolSize) {
        return start(Map.of("default_pool_size", String.valueOf(poolSize)));
    }

    /**
     * Starts one.
     *
     * @param settings of its section {@code [pgbouncer]}, before those that the tests need
     */
    public static PgBouncer start(Map<String, String> settings) {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path folder = Files.createTempDirectory("pgbouncer");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Map<String, String> all = new LinkedHashMap<>(Map.of(
                    "listen_addr", "127.0.0.1",
                    "listen_port", String.valueOf(port),
                    "unix_socket_dir", "",
                    "auth_type", "trust",
                    "auth_file", folder.resolve("users.txt").toString(),
                    "admin_users", "postgres",
                    "pool_mode", "transaction",
                    "ignore_startup_parameters", "extra_float_digits",
                    "max_client_conn", "200"));
            all.putAll(settings);
            StringBuilder ini = new StringBuilder("[databases]\n* = host=127.0.0.1 port=")
                    .append(TestServer.port())
                    .append("\n[pgbouncer]\n");
            all.forEach((name, value) ->
                    ini.append(name).append(" = ").append(value).append('\n'));
            Files.writeString(folder.resolve("pgbouncer.ini"), ini);
            Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"\"\n\"app\" \"\"\n");
            return new PgBouncer(folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer does not start; is the package pgbouncer installed?", e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to run as root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(folder.resolve("pgbouncer.ini").toString());
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long start = System.nanoTime();
        while (true) {
            try {
                ask("SHOW VERSION");
                return started;
            } catch (IOException e) {
                if (!started.isAlive() || System.nanoTime() - start > STARTS_WITHIN_NANOS) {
                    started.destroyForcibly();
                    throw new IOException(Files.readString(folder.resolve("log")), e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /** Speaks the protocol itself: the driver begins with a SET, which the console does not know. */
    private void ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] who = "user\0postgres\0database\0pgbouncer\0\0".getBytes(StandardCharsets.US_ASCII);
            out.writeInt(8 + who.length);
            out.writeInt(PROTOCOL);
            out.write(who);
            out.flush();
            answer(in);
            byte[] query = (command + ";\0").getBytes(StandardCharsets.US_ASCII);
            out.writeByte('Q');
            out.writeInt(4 + query.length);
            out.write(query);
            out.flush();
            answer(in);
        }
    }

    private static void answer(DataInputStream in) throws IOException {
        int type;
        do {
            type = in.readUnsignedByte();
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            if (type == 'E') {
                throw new IOException(new String(body, StandardCharsets.US_ASCII));
            }
        } while (type != 'Z');
    }

    /** The URL of a database through the pooler. */
    public String url(TestDatabase database) {
        return url(database, "postgres");
    }

    /** As {@link #url(TestDatabase)}, for one role. */
    public String url(TestDatabase database, String role) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name() + "?user=" + role;
    }

    /** Has its console carry out a command, such as {@code RECONNECT}. */
    public void command(String command) {
        try {
            ask(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dies, with every connection through it, and is started again at the same port. */
    public void restart() {
        kill();
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
