/**
 * How operators see the state of the databases: the endpoint {@code confiture} and the health indicator of the same name.
 *
 * <p>Reads only, and never in a constructor. What is shown here may be seen by anybody who may call the endpoint: no
 * credentials, no URLs, no SQL text.
 */
@NullMarked
package io.confiture.boot.actuate;

import org.jspecify.annotations.NullMarked;
