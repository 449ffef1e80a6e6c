package io.confiture.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookContext.Status;
import io.confiture.hook.TableChange.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Contexts as the user of a hook makes them: no database anywhere. */
class HookContextTest {

    // hook
    /** Keeps the billing tables of production as they are. */
    static final class BillingGuard implements MigrationHook {
        @Override
        public void afterExecute(HookContext context) {
            boolean altered = context.tables().orElse(List.of()).stream()
                    .anyMatch(table -> table.name().equals("public.invoice") && table.action() == Action.ALTER);
            if (altered && "production".equals(context.environment())) {
                throw new IllegalStateException("public.invoice is altered by the billing team only");
            }
        }
    }
    // end

    // test
    @Test
    void invoicesAreNotAlteredInProduction() {
        TableChange altered = new TableChange("public.invoice", Action.ALTER, List.of("id"), null, null);
        HookContext context = HookContext.builder(HookPoint.AFTER_EXECUTE)
                .migration("042", "shorten_invoice")
                .environment("production")
                .tables(() -> Optional.of(List.of(altered)))
                .build();

        assertThatThrownBy(() -> new BillingGuard().call(context)).hasMessageContaining("billing team");
    }
    // end

    @Test
    void elsewhereTheyMay() {
        TableChange altered = new TableChange("public.invoice", Action.ALTER, List.of("id"), null, null);
        HookContext.Builder staging =
                HookContext.builder(HookPoint.AFTER_EXECUTE).environment("staging");
        assertThatCode(() -> new BillingGuard()
                        .call(staging.tables(() -> Optional.of(List.of(altered)))
                                .build()))
                .doesNotThrowAnyException();
    }

    @Test
    void aContextOfWhichNothingIsSaidIsThatOfARunThatBegins() {
        HookContext context = HookContext.builder(HookPoint.BEFORE_RUN).build();
        assertThat(context.point()).isEqualTo(HookPoint.BEFORE_RUN);
        assertThat(context.runId()).isNotNull();
        assertThat(context.migrationName()).isNull();
        assertThat(context.migrationVersion()).isNull();
        assertThat(context.database()).isNull();
        assertThat(context.environment()).isNull();
        assertThat(context.schema()).isNull();
        assertThat(context.direction()).isEqualTo(Direction.UP);
        assertThat(context.migrations()).isEmpty();
        assertThat(context.tables()).isEmpty();
        assertThat(context.startTime()).isBeforeOrEqualTo(Instant.now());
        assertThat(context.endTime()).isNull();
        assertThat(context.duration()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(context.status()).isEqualTo(Status.RUNNING);
        assertThat(context.rowsAffected()).isZero();
        assertThat(context.error()).isNull();
        assertThat(context.metadata()).isEmpty();
        assertThat(context.alreadyCommitted()).isEmpty();
        assertThatThrownBy(context::jdbc)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before_run");
    }

    @Test
    void whatIsGivenIsTold() {
        UUID run = UUID.randomUUID();
        Instant start = Instant.parse("2026-11-22T10:00:00Z");
        Exception error = new IllegalStateException("broken");
        HookContext context = HookContext.builder(HookPoint.ON_ERROR)
                .runId(run)
                .migration("001", "create_users")
                .database("orders")
                .environment("staging")
                .schema("app")
                .direction(Direction.DOWN)
                .migrations(List.of("001_create_users"))
                .startTime(start)
                .endTime(start.plusSeconds(3))
                .status(Status.ERROR)
                .rowsAffected(7)
                .error(error)
                .metadata(Map.of("ticket", 7))
                .alreadyCommitted(List.of("statement 1"))
                .build();
        assertThat(context.runId()).isEqualTo(run);
        assertThat(context.migrationVersion()).isEqualTo("001");
        assertThat(context.migrationName()).isEqualTo("create_users");
        assertThat(context.database()).isEqualTo("orders");
        assertThat(context.environment()).isEqualTo("staging");
        assertThat(context.schema()).isEqualTo("app");
        assertThat(context.direction()).isEqualTo(Direction.DOWN);
        assertThat(context.migrations()).containsExactly("001_create_users");
        assertThat(context.startTime()).isEqualTo(start);
        assertThat(context.endTime()).isEqualTo(start.plusSeconds(3));
        assertThat(context.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(context.status()).isEqualTo(Status.ERROR);
        assertThat(context.rowsAffected()).isEqualTo(7);
        assertThat(context.error()).isSameAs(error);
        assertThat(context.metadata("ticket", Integer.class)).contains(7);
        assertThat(context.alreadyCommitted()).containsExactly("statement 1");
    }

    @Test
    void metadataIsReadWithItsType() {
        HookContext context = HookContext.builder(HookPoint.AFTER_RUN).build();
        context.metadata().put("ticket", 7);
        assertThat(context.metadata("ticket", Integer.class)).contains(7);
        assertThat(context.metadata("other", Integer.class)).isEmpty();
        assertThatThrownBy(() -> context.metadata("ticket", String.class)).isInstanceOf(ClassCastException.class);
    }

    @Test
    void aBuilderUsedOnceMoreLeavesTheFirstContextAlone() {
        HookContext.Builder builder = HookContext.builder(HookPoint.BEFORE_EXECUTE);
        HookContext first = builder.migration("001", "a").build();
        HookContext second = builder.migration("002", "b").build();
        assertThat(first.migrationVersion()).isEqualTo("001");
        assertThat(second.migrationVersion()).isEqualTo("002");
    }

    @Test
    void tablesAreReadWhenAskedFor() {
        AtomicInteger reads = new AtomicInteger();
        HookContext context = HookContext.builder(HookPoint.AFTER_EXECUTE)
                .tables(() -> {
                    reads.incrementAndGet();
                    return Optional.empty();
                })
                .build();
        assertThat(reads).hasValue(0);
        assertThat(context.tables()).isEmpty();
        assertThat(reads).hasValue(1);
    }
}
