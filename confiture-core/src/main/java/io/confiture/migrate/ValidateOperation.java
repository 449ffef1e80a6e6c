package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookContext.Status;
import io.confiture.hook.HookPoint;
import io.confiture.postgres.Session;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** One call of {@code validate} or {@code verify}. */
final class ValidateOperation {
    private final MigratorSetup setup;
    private final Function<Session, Validation.Verifier> verifier;
    private final Run run;

    /** @param verifier what comes of the verification of a migration, for a session */
    ValidateOperation(MigratorSetup setup, Function<Session, Validation.Verifier> verifier) {
        this.setup = setup;
        this.verifier = verifier;
        this.run = setup.newRun();
    }

    ValidationReport run() {
        if (!setup.hooks().isEmpty()) {
            setup.hooks()
                    .call(run.context(HookPoint.BEFORE_VALIDATE, Direction.UP).build());
        }
        List<LocalMigration> all = setup.files().load();
        ValidationReport report =
                setup.sessions().read(session -> Validation.of(setup.compare(all, session), verifier.apply(session)));
        if (!setup.hooks().isEmpty()) {
            setup.hooks()
                    .call(run.context(HookPoint.AFTER_VALIDATE, Direction.UP)
                            .status(report.valid() ? Status.SUCCESS : Status.ERROR)
                            .endTime(Instant.now())
                            .build());
        }
        return report;
    }
}
