package io.confiture.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.hook.RunListener;
import io.confiture.test.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class SlowHookWarningsTest {
    private static final MigrationHook HOOK = MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> {});

    private final RunListener listener = new SlowHookWarnings(database -> Duration.ofMillis(200)).create("shop");

    @Test
    void aHookAboveTheThresholdIsNamedWithItsPlace(CapturedOutput output) {
        listener.hookCalled(HOOK, context(HookPoint.AFTER_EXECUTE), Duration.ofMillis(201), null);
        assertThat(output)
                .contains("WARN")
                .contains("SlowHookWarningsTest at after_execute took 201 ms at after_execute of 042_add_index")
                .contains("'shop'")
                .contains("confiture.hooks.slow-threshold, 200 ms");
    }

    @Test
    void oneThatTakesNoLongerIsNot(CapturedOutput output) {
        listener.hookCalled(HOOK, context(HookPoint.AFTER_EXECUTE), Duration.ofMillis(200), null);
        assertThat(output).doesNotContain("took");
    }

    @ParameterizedTest
    @EnumSource(
            value = HookPoint.class,
            names = {"AFTER_COMMIT", "AFTER_RUN", "ON_ERROR", "BEFORE_VALIDATE", "AFTER_VALIDATE", "BEFORE_RUN"})
    void outsideOfATransactionAHookMayTakeItsTime(HookPoint point, CapturedOutput output) {
        listener.hookCalled(HOOK, context(point), Duration.ofSeconds(10), null);
        assertThat(output).doesNotContain("took");
    }

    @Test
    void theBeginningOfARunWithMigrationsIsATransaction(CapturedOutput output) {
        HookContext context = HookContext.builder(HookPoint.BEFORE_RUN)
                .migrations(List.of("042_add_index"))
                .build();
        listener.hookCalled(HOOK, context, Duration.ofSeconds(10), null);
        assertThat(output).contains("took 10000 ms at before_run of database 'shop'");
    }

    @Test
    void zeroTurnsTheWarningOff(CapturedOutput output) {
        new SlowHookWarnings(database -> Duration.ZERO)
                .create("shop")
                .hookCalled(HOOK, context(HookPoint.AFTER_EXECUTE), Duration.ofSeconds(10), null);
        assertThat(output).doesNotContain("took");
    }

    @Test
    void theThresholdIsAPropertyAndNeedsNoMicrometer(CapturedOutput output) {
        try (TestDatabase database = TestDatabase.create();
                ConfigurableApplicationContext context =
                        Apps.start(database, WithHook.class, "confiture.hooks.slow-threshold=1ns")) {
            assertThat(context.isActive()).isTrue();
        }
        assertThat(output).contains("after_execute of 001_create_people of database 'default', inside the transaction");
    }

    private static HookContext context(HookPoint point) {
        return HookContext.builder(point).migration("042", "add_index").build();
    }

    @Configuration(proxyBeanMethods = false)
    static class WithHook {
        @Bean
        MigrationHook hook() {
            return MigrationHook.at(
                    HookPoint.AFTER_EXECUTE,
                    context ->
                            context.jdbc().sql("SELECT 1").query(Integer.class).single());
        }
    }
}
