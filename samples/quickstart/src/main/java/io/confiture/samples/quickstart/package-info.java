/** An application that has a database with history: books, their authors, and a read over HTTP. */
@NullMarked
package io.confiture.samples.quickstart;

import org.jspecify.annotations.NullMarked;
