package io.confiture.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in a file is said with its place, and without its value. */
class YamlErrorsTest {
    @TempDir
    private Path folder;

    private ConfigProject project;

    @BeforeEach
    void project() {
        project = new ConfigProject(folder);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> project.load(Map.of("SET", "CANARY", "PORT", "5433", "EMPTY", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("CANARY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                name: staging                             | confiture.yaml:4:5: name is another one than that of the environment
                build: {sort_mode: hexx}                  | confiture.yaml:4:24: environments.local.build.sort_mode is one of alphabetical, natural, hex
                build: {sort_mod: hex}                    | confiture.yaml:4:13: there is no key sort_mod in
                databse: {host: h}                        | confiture.yaml:4:5: there is no key databse in
                build: natural                            | confiture.yaml:4:12: environments.local.build is a block
                schema_dirs: db/schema                    | confiture.yaml:4:18: environments.local.schema_dirs is a list
                schema_dirs: [[db/schema]]                | is one value, not a list
                include_dirs: [{order: 1}]                | has no path
                include_dirs: [{path: a, ordr: 1}]        | there is no key ordr
                include_dirs: [{path: a, order: first}]   | is a whole number
                include_dirs: [{path: a, recursive: yes}] | is true or false
                protected: yes                            | confiture.yaml:4:16: environments.local.protected is true or false
                protected:                                | protected has no value
                protected: ~                              | protected has no value
                database: {port: 5432, database: [x]}     | is one value, not a list
                database: {port: CANARY, database: x}     | port is a whole number from 1 to 65535
                database: {port: 65536, database: x}      | port is a whole number from 1 to 65535
                database: {port: 0, database: x}          | port is a whole number from 1 to 65535
                database: {host: h}                       | database names no database
                database: {host: "a b", database: x}      | database.host: Not a valid URL
                database: {host: /var/run, database: x}   | connects by TCP only
                database: {url: "postgresql://me:CANARY@h:x/d"} | confiture.yaml:4:16: database.url: Not a valid URL: a port
                database: {url: "postgresql://h/d", host: h}    | database.host says the same as database.url in line 4
                database: {url: "postgresql://h/d", password: CANARY} | database.password says the same as database.url
                database: {password:CANARY}               | a key that is no name
                seed: {profile: smal, profiles: {small: {}}} | there is no profile smal
                seed: {profiles: {small: {includ: []}}}   | there is no key includ in environments.local.seed.profiles.small
                seed: {continue_on_error: true}           | takes effect in sequential mode alone
                seed: {transaction_mode: transaction}     | takes effect in sequential mode alone
                build: {separators: {style: custom}}      | no custom_template that names the file
                build: {separators: {style: custom, custom_template: "--"}} | no custom_template that names the file
                build: {separators: {custom_template: "-- {file_path}"}}    | for style: custom alone
                migration: {tracking_table: a.b.c}        | is a name, or two with a dot
                migration: {tracking_table: "a;b"}        | is a name, or two with a dot
                migration: {locking: {timeout_ms: -1}}    | is a whole number from 0
                """)
    void aValueThatCannotBeIsRefusedWithItsPlace(String line, String message) {
        project.local(line);
        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                ''                                        | confiture.yaml:1:1: version is missing
                environments: {}                          | confiture.yaml:1:1: version is missing
                version: 2                                | confiture.yaml:1:10: this version of the form is not known
                version: [1]                              | version is one value
                - version                                 | confiture.yaml:1:1: the file holds no keys
                CANARY                                    | the file holds no keys
                version: 1\\nenvironment: {}              | confiture.yaml:2:1: there is no key environment
                version: 1\\nenvironments: [local]        | is a block of keys and values
                version: 1\\nenvironments: {local: }      | is a block of keys and values
                version: 1\\nversion: 1                   | confiture.yaml:2:1: version is there twice, first in line 1
                version: 1\\n---\\nversion: 1             | confiture.yaml:2:1: a second YAML document
                version: &a 1                             | confiture.yaml:1:10: an anchor
                version: *a                               | confiture.yaml:1:10: an alias
                version: !!int 1                          | confiture.yaml:1:10: a tag
                version: !!javax.script.ScriptEngineManager [] | a tag
                version: 1\\n<<: {a: 1}                   | a key that is no name
                version: 1\\n? [a]\\n: b                  | confiture.yaml:2:3: a key is a name
                version: 1\\nenvironments: {local: CANARY | not YAML
                version: "CANARY                          | not YAML
                version: @CANARY                          | confiture.yaml:1:10: not YAML
                \\tversion: 1                             | not YAML
                version: 1\\nenvironments:\\n  local:\\n    database: {password: *CANARY} | an alias
                database_url: postgresql://h/db           | confiture.yaml:1:1: database_url belongs to an environment
                version: 1\\nenvironments:\\n  other:\\n    buld: {} | confiture.yaml:4:5: there is no key buld in environments.other
                version: 1\\nenvironments:\\n  other:\\n    build: {sort_mode: "${A"} | confiture.yaml:4:24: cannot be read
                """)
    void aFileThatIsNoConfigurationIsRefusedWithThePlace(String text, String message) {
        project.write(
                "confiture.yaml", text.replace("\\n", "\n").replace("\\t", "\t").replace("''", ""));
        assertRefused(message);
    }

    @Test
    void aFileThatIsNoTextIsRefused() {
        project.write("confiture.yaml", "version: 1 # caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("confiture.yaml is not in UTF-8");
        project.write("confiture.yaml", "version: 1\na: \u0007");
        assertRefused("confiture.yaml:2:4: not YAML: a character that is not printable");
        project.write("confiture.yaml", "version: 1\n" + "# x\n".repeat(300_000));
        assertRefused("longer than 1000000 characters");
        project.write("confiture.yaml", "version: " + "[".repeat(10_000));
        assertRefused("nested more than 20 deep");
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsAreNoErrors() {
        project.write("confiture.yaml", "\uFEFFversion: 1\r\nenvironments:\r\n  local:\r\n    schema_dirs: [a]\r\n");
        assertThat(project.load().origins()).containsEntry("include_dirs", "confiture.yaml:4:5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                ${UNSET}               | confiture.yaml:4:17: the environment variable UNSET is not set
                a${SET}${UNSET}b       | confiture.yaml:4:17: the environment variable UNSET is not set
                ${SET:-x}              | a form of the shell, ${SET:-…}
                ${SET:?x}              | a form of the shell
                ${SET:=x}              | a form of the shell
                ${SET:+x}              | a form of the shell
                ${SET                  | a ${ without a }
                ${}                    | a ${ that no name of a variable follows
                ${a.b}                 | a ${ that no name of a variable follows
                ${1A}                  | a ${ that no name of a variable follows
                ${SET:${UNSET}}        | a variable within the default of ${SET…}
                ${${SET}}              | a ${ that no name of a variable follows
                $${SET}                | $${, which
                """)
    void aVariableThatCannotBePutInIsRefusedWithItsPlace(String value, String message) {
        project.local("seed_dirs: [\"" + value + "\"]");
        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                ${SET}            | v${UNSET}
                <${SET}>          | <v${UNSET}>
                ${SET}${SET}      | v${UNSET}v${UNSET}
                ${UNSET:a b}      | a b
                ${UNSET:a:b-c}    | a:b-c
                ${UNSET:}         | ``
                ${EMPTY}          | ``
                ${EMPTY:x}        | ``
                ${lower_1}        | low
                $SET $ {SET} {SET}| $SET $ {SET} {SET}
                null              | null
                """)
    void aVariableIsUsedAsItIsWritten(String value, String expected) {
        project.local("seed_dirs: [\"" + value + "\"]");
        Map<String, String> variables = Map.of("SET", "v${UNSET}", "EMPTY", "", "lower_1", "low");
        assertThat(project.load(variables).seeds().dirs()).containsExactly(expected);
    }

    @Test
    void numbersAndBooleansMayComeFromVariables() {
        project.local("""
                protected: ${P}
                database: {database: "${D:shop}", port: "${PORT}", password: "${PASSWORD:}"}
                build: {two_pass: "${T:true}", sort_mode: "${S}"}
                """);
        Config config = project.load(Map.of("P", "true", "PORT", "5433", "S", "hex"));
        assertThat(config.isProtected()).isTrue();
        assertThat(config.database()).hasToString("jdbc:postgresql://localhost:5433/shop");
        assertThat(config.build().twoPass()).isTrue();
        assertThat(config.build().sortMode()).isEqualTo(SortMode.HEX);
        assertThatThrownBy(() -> project.load(Map.of("P", "CANARY", "PORT", "5433", "S", "hex")))
                .hasMessageContaining("confiture.yaml:4:16: protected is true or false")
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void variablesOfOtherEnvironmentsNeedNotBeSet() {
        project.write("confiture.yaml", """
                version: 1
                environments:
                  local: {schema_dirs: [a]}
                  production: {database: {url: "${NOT_SET}", port: "${NOT_SET}"}}
                """);
        assertThat(project.load().environment()).isEqualTo("local");
    }
}
