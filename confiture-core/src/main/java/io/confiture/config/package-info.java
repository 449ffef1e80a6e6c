/**
 * What a project says of its databases and sources: {@code confiture.yaml}, its older form, and the same by builders. What
 * may enter: reading and checking of settings, as immutable data. Nothing here opens a connection or reads a schema.
 */
@NullMarked
package io.confiture.config;

import org.jspecify.annotations.NullMarked;
