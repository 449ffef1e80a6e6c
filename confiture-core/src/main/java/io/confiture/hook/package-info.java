/**
 * Hook points: the moments of a run at which user code is called, what it is told, and how it may veto.
 *
 * <p>Nothing here knows SQL text, files or a medium; the mediums call the hooks.
 */
@NullMarked
package io.confiture.hook;

import org.jspecify.annotations.NullMarked;
