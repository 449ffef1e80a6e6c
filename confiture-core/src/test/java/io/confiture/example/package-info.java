@NullMarked
package io.confiture.example;

import org.jspecify.annotations.NullMarked;
