package io.confiture.test;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network between driver and server that fails when it is told to: at a moment, or at a statement on its way to the
 * server. Reads what clients send as messages of PostgreSQL's protocol, and what servers answer as mere bytes.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CANCEL_REQUEST = 80877102;

    /** Sees each statement before the server does, on the thread that brings it there, and may keep it waiting. */
    @FunctionalInterface
    public interface Watch {
        /** Whether the server is to get it. */
        boolean pass(Link link, String sql);
    }

    private final ProxyListener listener;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile Watch watch = (link, sql) -> true;

    /** In front of the server of the tests. */
    public TcpProxy() {
        this(TestServer.port());
    }

    /** @param upstream the loopback port of what it stands in front of */
    public TcpProxy(int upstream) {
        listener = new ProxyListener(upstream, (client, server) -> {
            Link link = new Link(client, server);
            links.add(link);
            ProxyListener.start(link::requests);
            ProxyListener.start(link::answers);
        });
    }

    /** The URL of a database through the proxy. */
    public String url(TestDatabase database) {
        return listener.url(database);
    }

    /** From now on each statement is shown to this one. */
    public void watch(Watch watch) {
        this.watch = watch;
    }

    /** The connections that are open. */
    public List<Link> links() {
        return links;
    }

    @Override
    public void close() {
        listener.close();
        links.forEach(Link::reset);
    }

    /** One connection through the proxy. */
    public final class Link {
        private final Socket client;
        private final Socket server;
        private final AtomicReference<@Nullable Consumer<Link>> insteadOfAnswer = new AtomicReference<>();
        private volatile boolean vanished;

        private Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** Both ends are told at once that the connection is broken. */
        public void reset() {
            links.remove(this);
            ProxyListener.quietly(() -> client.setSoLinger(true, 0));
            ProxyListener.quietly(() -> server.setSoLinger(true, 0));
            ProxyListener.quietly(client::close);
            ProxyListener.quietly(server::close);
        }

        /** Both ends are told that the other has nothing more to say. */
        public void finish() {
            links.remove(this);
            ProxyListener.quietly(client::shutdownOutput);
            ProxyListener.quietly(server::shutdownOutput);
        }

        /** Nothing comes through any more, and neither end is told. */
        public void vanish() {
            vanished = true;
        }

        /** The next answer is swallowed, and this is done in its place: the server has carried out what it answers to. */
        public void insteadOfAnswer(Consumer<Link> fault) {
            insteadOfAnswer.set(fault);
        }

        private void requests() throws IOException {
            try {
                forwardRequests();
            } catch (RuntimeException e) {
                // A watch that fails must not leave its client waiting.
                reset();
                throw e;
            }
        }

        private void forwardRequests() throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
            int length = in.readInt();
            byte[] startup = in.readNBytes(length - 4);
            out.writeInt(length);
            out.write(startup);
            out.flush();
            if (((startup[0] & 0xFF) << 24 | (startup[1] & 0xFF) << 16 | (startup[2] & 0xFF) << 8 | startup[3] & 0xFF)
                    == CANCEL_REQUEST) {
                return;
            }
            for (int type = in.read(); type >= 0; type = in.read()) {
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                String sql = sql(type, body);
                boolean pass = sql == null || watch.pass(this, sql);
                if (pass && !vanished) {
                    out.writeByte(type);
                    out.writeInt(body.length + 4);
                    out.write(body);
                    if (in.available() == 0) {
                        out.flush();
                    }
                }
            }
            out.flush();
            if (!vanished) {
                server.shutdownOutput();
            }
        }

        private static @Nullable String sql(int type, byte[] body) {
            return switch (type) {
                case 'Q' -> text(body, 0);
                // The name of the statement comes first.
                case 'P' -> text(body, end(body, 0) + 1);
                default -> null;
            };
        }

        private static String text(byte[] body, int from) {
            return new String(body, from, end(body, from) - from, StandardCharsets.UTF_8);
        }

        private static int end(byte[] body, int from) {
            int end = from;
            while (body[end] != 0) {
                end++;
            }
            return end;
        }

        private void answers() throws IOException {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Consumer<Link> fault = insteadOfAnswer.getAndSet(null);
                if (fault != null) {
                    vanish();
                    fault.accept(this);
                }
                if (!vanished) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
            if (!vanished) {
                client.shutdownOutput();
            }
        }
    }
}
