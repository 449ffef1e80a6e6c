package io.confiture.config;

/**
 * The order of files within one include entry; entries themselves come by their {@code order}.
 *
 * @since 0.1.0
 */
public enum SortMode {
    /** Path by path, component by component, by code point: {@code 10_x} before {@code 2_y}. */
    ALPHABETICAL,
    /** As alphabetical, with runs of digits compared as numbers: {@code 2_y} before {@code 10_x}. */
    NATURAL,
    /** By hexadecimal prefixes of directories and files, with or without {@code 0x}; names without one come last. */
    HEX
}
