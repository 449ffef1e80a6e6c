/**
 * Files below a folder, on disk or on the class path: found, named and told apart. What a file means is its reader's business.
 */
@NullMarked
package io.confiture.resource;

import org.jspecify.annotations.NullMarked;
