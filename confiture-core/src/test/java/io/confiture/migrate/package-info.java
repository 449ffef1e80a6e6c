@NullMarked
package io.confiture.migrate;

import org.jspecify.annotations.NullMarked;
