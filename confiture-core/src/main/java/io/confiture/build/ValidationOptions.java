package io.confiture.build;

/**
 * How far a schema is validated with a server.
 *
 * @param build whether it is built in a scratch database, which is dropped then; else statements are parsed only
 * @param seeds whether seed files are validated, too
 * @since 0.1.0
 */
public record ValidationOptions(boolean build, boolean seeds) {

    /** Every statement is parsed by the server, seeds included; nothing is run. */
    public static ValidationOptions parsed() {
        return new ValidationOptions(false, true);
    }

    /** As {@link #parsed()}, then the schema is built in a scratch database with its seeds. */
    public static ValidationOptions inScratchDatabase() {
        return new ValidationOptions(true, true);
    }

    public ValidationOptions withSeeds(boolean value) {
        return new ValidationOptions(build, value);
    }
}
