package io.confiture.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Numbers what a JVM sends to its server, each message or bundle of messages that waits for an answer, and stops the JVM
 * at one of them until somebody kills it. For {@code socketFactory} in a driver's URL; {@code socketFactoryArg} says where to
 * stop: {@code 7} is before the seventh is sent, {@code 7:sent} after it is sent and before its answer is read, {@code 0}
 * nowhere.
 */
public final class StoppingSocketFactory extends SocketFactory {
    private static final AtomicInteger SENT = new AtomicInteger();

    private final int stopAt;
    private final boolean afterSending;

    public StoppingSocketFactory(String where) {
        String[] parts = where.split(":");
        stopAt = Integer.parseInt(parts[0]);
        afterSending = parts.length > 1;
    }

    /** A URL for a child that is to stop there. */
    public static String stopping(String url, String where) {
        StringBuilder stopping = new StringBuilder(url);
        for (String option : new String[] {"sslmode=disable", "gssEncMode=disable"}) {
            // A URL that says the same twice is refused.
            stopping.append(url.contains(option) ? "" : "&" + option);
        }
        return stopping + "&socketFactory=" + StoppingSocketFactory.class.getName() + "&socketFactoryArg=" + where;
    }

    /** What the child says when it has stopped. */
    public static String said(String where) {
        return "STOPPED AT " + where;
    }

    /** How often this JVM has sent something. */
    public static int sent() {
        return SENT.get();
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public OutputStream getOutputStream() throws IOException {
                return new Counted(super.getOutputStream());
            }
        };
    }

    private final class Counted extends OutputStream {
        private final OutputStream server;
        private final ByteArrayOutputStream open = new ByteArrayOutputStream();

        private Counted(OutputStream server) {
            this.server = server;
        }

        @Override
        public void write(int b) {
            open.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            open.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            if (open.size() > 0) {
                boolean here = SENT.incrementAndGet() == stopAt;
                if (here && !afterSending) {
                    stop(String.valueOf(stopAt));
                }
                open.writeTo(server);
                open.reset();
                server.flush();
                if (here) {
                    stop(stopAt + ":sent");
                }
            }
        }

        private void stop(String where) {
            System.out.println(said(where));
            boolean killed = false;
            while (!killed) {
                try {
                    new CountDownLatch(1).await();
                    killed = true;
                } catch (InterruptedException e) {
                    System.out.println("interrupted, and waits on to be killed");
                }
            }
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
