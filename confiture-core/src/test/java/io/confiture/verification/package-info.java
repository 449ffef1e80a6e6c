@NullMarked
package io.confiture.verification;

import org.jspecify.annotations.NullMarked;
