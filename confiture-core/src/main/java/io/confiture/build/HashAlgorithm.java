package io.confiture.build;

/**
 * How sources are hashed.
 *
 * @since 0.1.0
 */
public enum HashAlgorithm {
    /** The default, and what the header of a built schema holds. */
    SHA256("SHA-256"),
    MD5("MD5"),
    SHA1("SHA-1");

    private final String javaName;

    HashAlgorithm(String javaName) {
        this.javaName = javaName;
    }

    String javaName() {
        return javaName;
    }
}
