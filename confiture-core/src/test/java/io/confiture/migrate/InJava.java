package io.confiture.migrate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A migration of a test that is written in Java. */
record InJava(
        String version,
        String name,
        Code forward,
        @Nullable Code back,
        @Nullable String checksum,
        boolean retryable) implements JavaMigration {

    interface Code {
        void run(MigrationContext context) throws Exception;
    }

    static InJava of(String version, Code forward) {
        return new InJava(version, "in_java", forward, null, null, false);
    }

    InJava named(String name) {
        return new InJava(version, name, forward, back, checksum, retryable);
    }

    InJava withDown(Code back) {
        return new InJava(version, name, forward, back, checksum, retryable);
    }

    InJava withChecksum(String checksum) {
        return new InJava(version, name, forward, back, checksum, retryable);
    }

    InJava repeated() {
        return new InJava(version, name, forward, back, checksum, true);
    }

    @Override
    public void up(MigrationContext context) throws Exception {
        forward.run(context);
    }

    @Override
    public void down(MigrationContext context) throws Exception {
        Objects.requireNonNull(back).run(context);
    }

    @Override
    public boolean reversible() {
        return back != null;
    }
}
