package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

class HookSecretsTest extends MigratorTestCase {

    @Test
    void noCredentialIsReachableFromAContext() throws Exception {
        folder.three();
        StringBuilder said = new StringBuilder();
        Migrator.builder("postgresql://postgres:CANARY@127.0.0.1:" + TestServer.port() + "/" + database.name())
                .locations(folder.location())
                .hook(new MigrationHook() {
                    @Override
                    @SuppressWarnings("ObjectToString") // as a log would
                    public void call(HookContext context) {
                        said.append(context).append(valuesOf(context));
                        said.append(context.jdbc()
                                .sql("SELECT row_to_json(a)::text FROM pg_stat_activity a WHERE pid = pg_backend_pid()")
                                .query(String.class)
                                .single());
                    }
                })
                .build()
                .applyAll();
        assertThat(said).isNotEmpty();
        assertThat(said.toString()).doesNotContain("CANARY");
    }

    private static String valuesOf(HookContext context) {
        StringBuilder values = new StringBuilder();
        for (Method method : HookContext.class.getMethods()) {
            if (method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() == HookContext.class) {
                try {
                    values.append(method.getName())
                            .append('=')
                            .append(method.invoke(context))
                            .append('\n');
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(String.valueOf(e.getMessage()), e);
                }
            }
        }
        return values.toString();
    }

    @Test
    void aPasswordInAStatementOfAHookThatFailedIsToldNeitherInTheMessageNorInACause() {
        folder.three();
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.BEFORE_EXECUTE,
                        context -> context.jdbc()
                                .sql("ALTER ROLE nobody_of_that_name PASSWORD 'CANARY'")
                                .update()))
                .build();
        Throwable e = fails(HookException.class, ErrorCode.HOOK_FAILED, migrator::applyAll);
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).contains("nobody_of_that_name").doesNotContain("CANARY");
    }
}
