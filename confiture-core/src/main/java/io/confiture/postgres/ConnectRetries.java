package io.confiture.postgres;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a server that starts at the same time: tries again until there was one connection, or a number of times in
 * all. Afterwards a failure is told at once, to a health probe for instance. Thread-safe.
 */
final class ConnectRetries {
    private static final Logger log = LoggerFactory.getLogger(ConnectRetries.class);
    private static final long FIRST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 5_000;

    private final int retries;
    private final AtomicInteger left;

    ConnectRetries(int retries) {
        this.retries = retries;
        this.left = new AtomicInteger(retries);
    }

    void connected() {
        left.set(0);
    }

    /** Waits before the next attempt; false if there is none to be made. */
    boolean again(ServerError error, Throwable failure, String what) {
        if (!mayPass(error, failure)) {
            return false;
        }
        int before = left.getAndUpdate(n -> Math.max(0, n - 1));
        if (before == 0) {
            return false;
        }
        int attempt = retries - before + 1;
        log.warn("{}; it may still be starting, so it is tried again ({} of {})", what, attempt, retries);
        long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 10));
        try {
            Thread.sleep(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Nobody listens yet, the server is starting, or it has no connection left; not a wrong password or certificate. */
    private static boolean mayPass(ServerError error, Throwable failure) {
        if (error.fromServer()) {
            return error.is("57P03") || error.is("53300");
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return false;
            }
        }
        return error.is("08001") || error.is("08006");
    }
}
