package io.confiture.sql;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a script says about its own execution, in {@code -- confiture: key=value} lines above its first statement. A
 * component is null if the script does not say.
 *
 * @param transactional whether the script runs in one transaction
 * @param lockTimeout how long a statement may wait for a lock; zero means without limit
 * @param statementTimeout how long a statement may run; zero means without limit
 * @since 0.1.0
 */
public record ScriptDirectives(
        @Nullable Boolean transactional,
        @Nullable Duration lockTimeout,
        @Nullable Duration statementTimeout) {}
