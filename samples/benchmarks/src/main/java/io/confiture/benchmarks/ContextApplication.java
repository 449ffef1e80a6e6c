package io.confiture.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The smallest application with a database. It asks the database once, as every application does, so that the first
 * connection is not what a starter is charged for. Prints {@code started NANOS CPU-NANOS} and ends.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ContextApplication {
    static final String STARTED = "started ";

    public static void main(String[] args) {
        long begin = System.nanoTime();
        try (var context = SpringApplication.run(ContextApplication.class, args)) {
            context.getBean(JdbcClient.class).sql("SELECT 1").query().singleValue();
            long wall = System.nanoTime() - begin;
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            System.out.println(STARTED + wall + " " + system.getProcessCpuTime());
        }
    }
}
