package io.confiture.migrate;

/** stub */
public final class SqlMigration implements Migration {
    @Override
    public String version() {
        return "";
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public boolean reversible() {
        return false;
    }

    /** The file of the up part as the user knows it. */
    public String file() {
        return "";
    }
}
