package io.confiture.test;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between driver and server as a pooler does: tells the driver a process id that is not the server's. Connections
 * through it are otherwise untouched, and can be cut.
 */
public final class PidChangingProxy implements AutoCloseable {
    private static final int CANCEL_REQUEST = 80877102;

    private final ProxyListener listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    public PidChangingProxy() {
        listener = new ProxyListener(TestServer.port(), (client, server) -> {
            sockets.add(client);
            sockets.add(server);
            ProxyListener.start(() -> pipe(client, server));
            ProxyListener.start(() -> changePid(server, client));
        });
    }

    /** The URL of a database through the proxy. */
    public String url(TestDatabase database) {
        return listener.url(database);
    }

    /** The loopback port it listens on. */
    public int port() {
        return listener.port();
    }

    /** Cuts every connection, as a failing network does. */
    public void cut() {
        sockets.forEach(socket -> ProxyListener.quietly(socket::close));
        sockets.clear();
    }

    @Override
    public void close() {
        listener.close();
        cut();
    }

    private static void changePid(Socket server, Socket client) throws IOException {
        try (server;
                client) {
            DataInputStream in = new DataInputStream(server.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            int type;
            do {
                type = in.readUnsignedByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (type == 'K') {
                    body[0] ^= 0x40;
                }
                out.writeByte(type);
                out.writeInt(body.length + 4);
                out.write(body);
            } while (type != 'Z');
            copy(in, out);
        }
    }

    private static void pipe(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            out.writeInt(in.readInt());
            int code = in.readInt();
            out.writeInt(code);
            if (code == CANCEL_REQUEST) {
                out.writeInt(in.readInt() ^ 0x40 << 24);
            }
            copy(in, out);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        int read;
        while ((read = in.read(buffer)) >= 0) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }
}
