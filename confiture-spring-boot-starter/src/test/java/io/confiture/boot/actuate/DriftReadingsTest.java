package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.verification.DriftReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often health compares. No database. */
class DriftReadingsTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger compared = new AtomicInteger();

    private DriftReadings readings(DatabaseDrift drift) {
        return new DriftReadings(drift, Map.of("orders", Duration.ofMinutes(10)), now::get);
    }

    private DriftReport inSync() {
        compared.incrementAndGet();
        return new DriftReport.InSync("all migrations", "f");
    }

    @Test
    void aDatabaseThatNobodyAskedAboutIsNotCompared() {
        assertThat(readings(database -> inSync()).of("default")).isNull();
        assertThat(compared).hasValue(0);
    }

    @Test
    void aComparisonCountsAsLongAsItWasSaid() {
        DriftReadings readings = readings(database -> inSync());
        readings.of("orders");
        now.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(readings.of("orders")).isInstanceOf(DriftReport.InSync.class);
        assertThat(compared).hasValue(1);
        now.addAndGet(1);
        readings.of("orders");
        assertThat(compared).hasValue(2);
    }

    @Test
    void whatCannotBeComparedIsNotInSync() {
        DriftReport report = readings(database -> {
                    throw new ConfigurationException(ErrorCode.LOCATION_MISSING, "no jdbc:postgresql://u:p@h/d", null);
                })
                .of("orders");
        assertThat(report).isInstanceOf(DriftReport.NotChecked.class);
        assertThat(report).asString().contains("no (URL)").doesNotContain("u:p");
    }

    @Test
    void whatCouldNotBeComparedIsComparedAnewAfterThirtySeconds() {
        DriftReadings readings = readings(database -> compared.incrementAndGet() == 1
                ? new DriftReport.NotChecked("all migrations", List.of("the server is away"))
                : new DriftReport.InSync("all migrations", "f"));
        readings.of("orders");
        now.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
        assertThat(readings.of("orders")).isInstanceOf(DriftReport.NotChecked.class);
        now.addAndGet(1);
        assertThat(readings.of("orders")).isInstanceOf(DriftReport.InSync.class);
    }

    @Test
    void aProbeThatComesWhileAnotherComparesDoesNotCompareToo() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        DriftReadings readings = readings(database -> {
            begun.countDown();
            try {
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return inSync();
        });
        Thread first = new Thread(() -> readings.of("orders"));
        first.start();
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(readings.of("orders")).isInstanceOf(DriftReport.NotChecked.class);
        end.countDown();
        first.join();
        assertThat(readings.of("orders")).isInstanceOf(DriftReport.InSync.class);
        assertThat(compared).hasValue(1);
    }
}
