package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.WebApp;
import io.confiture.test.TestDatabase;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The endpoint as JMX shows it. */
class EndpointJmxTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void readsAndChangesWhenOpened() throws JMException {
        try (ConfigurableApplicationContext context = start("management.endpoint.confiture.access=unrestricted")) {
            assertThat(((Map<?, ?>) invoke("database", "default")).get("state")).isEqualTo("pending");
            Map<?, ?> done = (Map<?, ?>) invoke("change", "default", "migrate", "001");
            assertThat(done.get("ok")).isEqualTo(true);
            assertThat((List<?>) done.get("migrations")).hasSize(1);
            assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("1");
            Map<?, ?> page = (Map<?, ?>) invoke("database", "default,migrations", 1, 1);
            assertThat(page.get("total")).isEqualTo(2);
            Map<?, ?> failed = (Map<?, ?>) invoke("change", "default", "migrate", "999");
            assertThat(failed.get("code")).isEqualTo("MIGR_100");
        }
    }

    @Test
    void aNameThatDoesNotExistIsRefusedWithTheNearest() {
        try (ConfigurableApplicationContext context = start("management.endpoint.confiture.access=unrestricted")) {
            assertThatThrownBy(() -> invoke("database", "defautl")).hasMessageContaining("the nearest is 'default'");
            assertThatThrownBy(() -> invoke("change", "default", "migarte"))
                    .hasMessageContaining("the nearest is 'migrate'");
        }
    }

    @Test
    void nothingCanBeChangedUnlessOpened() throws JMException {
        try (ConfigurableApplicationContext context = start("confiture.enabled=true")) {
            assertThat(operations())
                    .extracting(MBeanOperationInfo::getName)
                    .containsExactlyInAnyOrder("databases", "database");
            assertThatThrownBy(() -> invoke("change", "default", "migrate")).hasMessageContaining("no operation named");
            assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
        }
    }

    private ConfigurableApplicationContext start(String property) {
        return Apps.app(WebApp.class)
                .run(
                        "--spring.datasource.url=" + database.url(),
                        "--spring.jmx.enabled=true",
                        "--management.endpoints.jmx.exposure.include=confiture",
                        "--confiture.migrate.mode=off",
                        "--" + property);
    }

    private static ObjectName name() throws JMException {
        return new ObjectName("org.springframework.boot:type=Endpoint,name=Confiture");
    }

    private MBeanOperationInfo[] operations() throws JMException {
        MBeanInfo info = server.getMBeanInfo(name());
        return info.getOperations();
    }

    /** Calls with the arguments given; the others are null, as a console sends what is left empty. */
    private Object invoke(String operation, Object... arguments) throws JMException {
        String[] signature = Arrays.stream(operations())
                .filter(info -> info.getName().equals(operation))
                .findFirst()
                .map(info -> Arrays.stream(info.getSignature())
                        .map(MBeanParameterInfo::getType)
                        .toArray(String[]::new))
                .orElse(new String[arguments.length]);
        return server.invoke(name(), operation, Arrays.copyOf(arguments, signature.length), signature);
    }
}
