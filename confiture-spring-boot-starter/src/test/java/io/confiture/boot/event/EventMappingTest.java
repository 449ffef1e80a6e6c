package io.confiture.boot.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.hook.HookContext;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventMappingTest {
    private final List<ConfitureEvent> published = new ArrayList<>();
    private final EventHook hook = new EventHook("orders", published::add);

    @Test
    void pointsOfARun() {
        for (Direction direction : Direction.values()) {
            published.clear();
            call(HookPoint.BEFORE_RUN, direction, false);
            call(HookPoint.AFTER_RUN, direction, false);
            call(HookPoint.ON_ERROR, direction, false);
            assertThat(published)
                    .hasExactlyElementsOfTypes(
                            MigrationRunStarted.class, MigrationRunCompleted.class, MigrationRunFailed.class);
        }
    }

    @Test
    void pointsOfAMigration() {
        for (HookPoint point : List.of(
                HookPoint.BEFORE_EXECUTE, HookPoint.AFTER_EXECUTE, HookPoint.AFTER_COMMIT, HookPoint.ON_ERROR)) {
            call(point, Direction.UP, true);
        }
        assertThat(published)
                .hasExactlyElementsOfTypes(
                        MigrationStarted.class,
                        MigrationExecuted.class,
                        MigrationCommitted.class,
                        MigrationFailed.class);
    }

    @Test
    void pointsOfARollback() {
        for (HookPoint point : List.of(
                HookPoint.BEFORE_ROLLBACK, HookPoint.AFTER_ROLLBACK, HookPoint.AFTER_COMMIT, HookPoint.ON_ERROR)) {
            call(point, Direction.DOWN, true);
        }
        assertThat(published)
                .hasExactlyElementsOfTypes(RollbackStarted.class, RollbackCommitted.class, RollbackFailed.class);
    }

    @Test
    void pointsOfAValidation() {
        call(HookPoint.BEFORE_VALIDATE, Direction.UP, false);
        call(HookPoint.AFTER_VALIDATE, Direction.UP, false);
        assertThat(published).hasExactlyElementsOfTypes(ValidationStarted.class, ValidationCompleted.class);
    }

    @Test
    void anEventTellsWhatTheHookWasTold() {
        UUID run = UUID.randomUUID();
        Instant start = Instant.now().minusSeconds(2);
        hook.call(HookContext.builder(HookPoint.AFTER_COMMIT)
                .runId(run)
                .environment("production")
                .schema("app")
                .migration("007", "add_agent")
                .startTime(start)
                .endTime(start.plusMillis(1500))
                .rowsAffected(42)
                .build());
        MigrationCommitted event = (MigrationCommitted) published.get(0);
        assertThat(event.getDatabase()).isEqualTo("orders");
        assertThat(event.getRunId()).isEqualTo(run);
        assertThat(event.getEnvironment()).isEqualTo("production");
        assertThat(event.getSchema()).isEqualTo("app");
        assertThat(event.getVersion()).isEqualTo("007");
        assertThat(event.getName()).isEqualTo("add_agent");
        assertThat(event.getId()).isEqualTo("007_add_agent");
        assertThat(event.getDirection()).isEqualTo(Direction.UP);
        assertThat(event.getDuration()).isEqualTo(Duration.ofMillis(1500));
        assertThat(event.getRowsAffected()).isEqualTo(42);
        assertThat(event.isReplayed()).isFalse();
        assertThat(event).hasToString("MigrationCommitted[database=orders, migration=007_add_agent]");
    }

    @Test
    void aReplayIsTheSameMomentButMarked() {
        for (HookPoint point : HookPoint.values()) {
            call(point, Direction.UP, true);
            call(point, Direction.DOWN, true);
            call(point, Direction.UP, false);
        }
        assertThat(published).isNotEmpty().allSatisfy(event -> {
            ConfitureEvent replay = event.replay();
            assertThat(replay).hasSameClassAs(event).isNotSameAs(event);
            assertThat(replay.isReplayed()).isTrue();
            assertThat(replay.getTimestamp()).isEqualTo(event.getTimestamp());
            assertThat(replay.moment()).isSameAs(event.moment());
        });
    }

    private void call(HookPoint point, Direction direction, boolean ofMigration) {
        HookContext.Builder context = HookContext.builder(point).direction(direction);
        if (ofMigration) {
            context.migration("001", "a");
        }
        if (point == HookPoint.ON_ERROR) {
            context.error(new IllegalStateException("broken"));
        }
        hook.call(context.build());
    }
}
