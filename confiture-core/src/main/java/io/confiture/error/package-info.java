/**
 * What can go wrong, as unchecked exceptions: the ground every other package stands on.
 *
 * <p>Only exceptions, their codes and the plain data they carry belong here. Nothing in this package reads SQL, opens a
 * connection or knows a medium.
 */
@NullMarked
package io.confiture.error;

import org.jspecify.annotations.NullMarked;
