@NullMarked
package io.confiture.sql;

import org.jspecify.annotations.NullMarked;
