/**
 * The moments of a run as Spring application events: what is published, and how it reaches every listener once although
 * migrations run while the context is still being created.
 *
 * <p>Only events and their delivery belong here. Nothing in this package migrates, and nothing here can veto: that is
 * what {@link io.confiture.hook.MigrationHook} beans are for.
 */
@NullMarked
package io.confiture.boot.event;

import org.jspecify.annotations.NullMarked;
