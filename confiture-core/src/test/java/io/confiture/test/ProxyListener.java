package io.confiture.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Where the clients of a proxy connect to: for each of them there is a connection to what the proxy stands in front of. */
final class ProxyListener implements AutoCloseable {
    /** What a proxy does with a connection. */
    @FunctionalInterface
    interface Connections {
        void add(Socket client, Socket server) throws IOException;
    }

    /** Something on sockets. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    private final ServerSocket socket;

    /** @param upstream the loopback port of what the proxy stands in front of */
    ProxyListener(int upstream, Connections connections) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            while (!socket.isClosed()) {
                connections.add(socket.accept(), new Socket(InetAddress.getLoopbackAddress(), upstream));
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The URL of a database through the proxy. */
    String url(TestDatabase database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database.name()
                + "?user=postgres&sslmode=disable&gssEncMode=disable";
    }

    /** Does it on a thread of its own, until the connection ends. */
    static void start(Work work) {
        Thread thread = new Thread(() -> quietly(work), "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    static void quietly(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            // The connection has ended, or has been ended sooner than here.
        }
    }

    @Override
    public void close() {
        quietly(socket::close);
    }
}
