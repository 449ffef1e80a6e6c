@NullMarked
package io.confiture.config;

import org.jspecify.annotations.NullMarked;
