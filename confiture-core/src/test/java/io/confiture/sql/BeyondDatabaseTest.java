package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement changes around its database is told by its tokens. */
class BeyondDatabaseTest {

    private static Optional<BeyondDatabase> of(String sql) {
        try (ScriptReader reader = ScriptReader.open(
                "a.sql", new ByteArrayInputStream(sql.getBytes(StandardCharsets.UTF_8)), ScriptSection.WHOLE)) {
            return BeyondDatabase.of(Objects.requireNonNull(reader.next()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CREATE ROLE app LOGIN                                   | CREATE ROLE app LOGIN reaches roles
                    create /* x */ user "App" PASSWORD 'p'                  | create user "App" PASSWORD reaches roles
                    CREATE GROUP g                                          | CREATE GROUP g reaches roles
                    ALTER ROLE app SET search_path = a                      | ALTER ROLE app SET search_path reaches roles
                    ALTER USER app RENAME TO b                              | ALTER USER app RENAME TO reaches roles
                    DROP ROLE IF EXISTS app                                 | DROP ROLE IF EXISTS app reaches roles
                    DROP GROUP g                                            | DROP GROUP g reaches roles
                    GRANT admin TO app                                      | GRANT admin TO app reaches roles
                    REVOKE ADMIN OPTION FOR admin FROM app                  | REVOKE ADMIN OPTION FOR admin reaches roles
                    GRANT CONNECT ON DATABASE d TO app                      | GRANT CONNECT ON DATABASE d reaches a database
                    REVOKE ALL ON DATABASE d FROM PUBLIC                    | REVOKE ALL ON DATABASE d reaches a database
                    GRANT CREATE ON TABLESPACE t TO app                     | GRANT CREATE ON TABLESPACE t reaches tablespaces
                    GRANT SET ON PARAMETER work_mem TO app                  | GRANT SET ON PARAMETER work_mem reaches the settings
                    ALTER DATABASE d SET work_mem = 1                       | ALTER DATABASE d SET work_mem reaches a database
                    CREATE DATABASE d                                       | CREATE DATABASE d reaches a database
                    DROP DATABASE d                                         | DROP DATABASE d reaches a database
                    ALTER SYSTEM SET work_mem = '5MB'                       | ALTER SYSTEM SET work_mem reaches the settings
                    CREATE TABLESPACE t LOCATION '/x'                       | CREATE TABLESPACE t LOCATION reaches tablespaces
                    ALTER TABLESPACE t RENAME TO u                          | ALTER TABLESPACE t RENAME TO reaches tablespaces
                    DROP TABLESPACE t                                       | DROP TABLESPACE t reaches tablespaces
                    CREATE SUBSCRIPTION s CONNECTION 'password=p' PUBLICATION p | CREATE SUBSCRIPTION s CONNECTION reaches subscr
                    ALTER SUBSCRIPTION s DISABLE                            | ALTER SUBSCRIPTION s DISABLE reaches subscriptions
                    DROP SUBSCRIPTION s                                     | DROP SUBSCRIPTION s reaches subscriptions
                    COMMENT ON ROLE app IS 'x'                              | COMMENT ON ROLE app IS reaches roles
                    COMMENT ON DATABASE d IS 'x'                            | COMMENT ON DATABASE d IS reaches a database
                    COMMENT ON TABLESPACE t IS NULL                         | COMMENT ON TABLESPACE t IS reaches tablespaces
                    SECURITY LABEL FOR selinux ON ROLE app IS 'x'           | SECURITY LABEL FOR selinux ON reaches roles
                    SECURITY LABEL ON DATABASE d IS 'x'                     | SECURITY LABEL ON DATABASE d reaches a database
                    DROP OWNED BY app                                       | DROP OWNED BY app reaches what a role owns
                    REASSIGN OWNED BY a TO b                                | REASSIGN OWNED BY a TO reaches what a role owns
                    COPY t TO '/tmp/x'                                      | COPY t TO reaches a file or program
                    COPY (SELECT 1) TO PROGRAM 'rm -rf /'                   | COPY reaches a file or program
                    COPY t (a, b) FROM PROGRAM 'curl'                       | COPY t reaches a file or program
                    COPY t FROM 'stdin'                                     | COPY t FROM reaches a file or program
                    """)
    void whatReachesBeyondTheDatabaseIsNamedWithoutItsLiterals(String sql, String expected) {
        assertThat(of(sql))
                .hasValueSatisfying(found -> assertThat(found.toString())
                        .startsWith(expected)
                        .doesNotContain("'p", "password=p", "rm -rf", "curl", "/tmp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE role (\"user\" int)",
                "CREATE USER MAPPING FOR app SERVER s",
                "ALTER USER MAPPING FOR app SERVER s OPTIONS (SET a 'b')",
                "DROP USER MAPPING FOR app SERVER s",
                "CREATE TABLE t (a int) TABLESPACE fast",
                "ALTER TABLE t SET TABLESPACE fast",
                "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO b",
                "GRANT SELECT ON t TO role",
                "GRANT SELECT ON role TO app",
                "GRANT USAGE ON FOREIGN SERVER s TO app",
                "GRANT CREATE ON SCHEMA database TO app",
                "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app",
                "COMMENT ON TABLE role IS 'CREATE ROLE x'",
                "SECURITY LABEL ON TABLE t IS 'x'",
                "CREATE PUBLICATION p FOR ALL TABLES",
                "CREATE \"role\" x",
                "COPY t FROM stdin;\n\\.\n",
                "COPY t TO STDOUT",
                "ALTER TABLE t OWNER TO app",
                "CREATE VIEW v AS SELECT 'CREATE ROLE x'",
                "SET ROLE app",
                "DO $$ BEGIN CREATE ROLE x; END $$",
                "SELECT dblink_exec('CREATE ROLE x')"
            })
    void whatStaysWithinOrIsNotSeenIsNotNamed(String sql) {
        assertThat(of(sql)).isEmpty();
    }

    @Test
    void whatNoRollbackUndoesIsTold() {
        assertThat(of("CREATE ROLE app").orElseThrow().undone()).isTrue();
        assertThat(of("ALTER SYSTEM RESET ALL").orElseThrow().undone()).isFalse();
        assertThat(of("CREATE DATABASE d").orElseThrow().undone()).isFalse();
        assertThat(of("COPY t TO PROGRAM 'x'").orElseThrow().undone()).isFalse();
    }
}
