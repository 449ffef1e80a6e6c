package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.test.TestJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations that lie in jars on the class path. */
class JarLocationsTest extends MigratorTestCase {
    private static final String LOCATION = "classpath:jars/db";

    private final List<URLClassLoader> classLoaders = new ArrayList<>();

    @AfterEach
    void closeJars() throws IOException {
        for (URLClassLoader classLoader : classLoaders) {
            classLoader.close();
        }
    }

    private ClassLoader classPath(Path... entries) {
        return classPath(getClass().getClassLoader(), entries);
    }

    private ClassLoader classPath(ClassLoader parent, Path... entries) {
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            try {
                urls[i] = entries[i].toUri().toURL();
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }
        URLClassLoader classLoader = new URLClassLoader(urls, parent);
        classLoaders.add(classLoader);
        return classLoader;
    }

    private Migrator migrator(ClassLoader classLoader, String... locations) {
        return Migrator.builder(database.dataSource())
                .locations(locations.length == 0 ? new String[] {LOCATION} : locations)
                .classLoader(classLoader)
                .build();
    }

    private Path jar(String name, String... files) {
        TestJar jar = new TestJar();
        for (String file : files) {
            String table = file.replaceAll("^.*/|[._].*", "");
            jar.add("jars/db/" + file, file.endsWith(".down.sql") ? "SELECT 1;" : "CREATE TABLE t" + table + " ();");
        }
        return jar.write(temp.resolve(name));
    }

    private static List<String> files(Migrator migrator) {
        return migrator.pending().stream()
                .map(SqlMigration.class::cast)
                .map(SqlMigration::file)
                .toList();
    }

    @Test
    void aFolderThatSeveralJarsAndADirectoryHaveIsReadFromAllOfThem() {
        new MigrationFolder(temp.resolve("classes/jars/db")).write("002_own.up.sql", "CREATE TABLE t002 ();");
        Migrator migrator = migrator(classPath(
                jar("late.jar", "003_late.up.sql", "modules/orders/004_deep.up.sql"),
                temp.resolve("classes"),
                jar("early.jar", "001_early.up.sql", "001_early.down.sql")));
        assertThat(migrator.applyAll()).hasSize(4);
        assertThat(ledger()).containsExactly("001", "002", "003", "004");
        assertThat(exists("t001") && exists("t002") && exists("t003") && exists("t004"))
                .isTrue();
    }

    @Test
    void filesOfOneMigrationMayLieInSeveralJars() {
        Migrator migrator = migrator(classPath(jar("up.jar", "001_a.up.sql"), jar("down.jar", "001_a.down.sql")));
        migrator.applyAll();
        migrator.rollback("001");
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classpath:jars/db", "classpath*:jars/db", "classpath:/jars/db/", "classpath:jars//db"})
    void aLocationMayBeSpeltInAnyOfTheUsualWays(String location) {
        ClassLoader classLoader = classPath(jar("one.jar", "001_a.up.sql"), jar("two.jar", "002_b.up.sql"));
        assertThat(files(migrator(classLoader, location)))
                .containsExactly("jars/db/001_a.up.sql", "jars/db/002_b.up.sql");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "a%20b", "100% sicher", "Müller & Söhne", "a#b", "a!b", "日本"})
    void aJarMayHaveAnyName(String odd) {
        Migrator migrator = migrator(classPath(jar(odd + "/" + odd + ".jar", "001_a.up.sql")));
        assertThat(migrator.applyAll()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "Müller & Söhne", "a#b", "a!b", "日本"})
    void aFileInAJarMayHaveAnyNameAndLieInAnyFolder(String odd) {
        Path jar = jar("one.jar", odd + "/001_" + odd + ".up.sql", odd + "/001_" + odd + ".down.sql");
        Migrator migrator = migrator(classPath(jar));
        assertThat(files(migrator)).containsExactly("jars/db/" + odd + "/001_" + odd + ".up.sql");
        migrator.applyAll();
        assertThat(database.value("SELECT name FROM tb_confiture")).isEqualTo(odd);
        migrator.rollback("001");
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"001_100%_done.up.sql", "a%zz/001_a.up.sql"})
    void aPercentSignInTheNameOfAFileInAJarIsRefused(String file) {
        Migrator migrator = migrator(classPath(jar("one.jar", file)));
        assertThat(refused(ConfigurationException.class, ErrorCode.BAD_FILE_NAME, migrator::applyAll))
                .hasMessageContaining("one.jar!/jars/db/" + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "a%20b", "100% sicher", "Müller & Söhne", "a#b", "日本"})
    void aDirectoryOfTheClassPathMayHaveAnyName(String odd) {
        Path classes = temp.resolve(odd);
        new MigrationFolder(classes.resolve("jars/db/" + odd)).write("001_" + odd + ".up.sql", "CREATE TABLE t ();");
        Migrator migrator = migrator(classPath(classes));
        assertThat(files(migrator)).containsExactly("jars/db/" + odd + "/001_" + odd + ".up.sql");
        migrator.applyAll();
        assertThat(database.value("SELECT name FROM tb_confiture")).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"001_a.up.sql", "001_other.up.sql", "1_a.sql", "deep/001_a.up.sql"})
    void aVersionThatTwoJarsHaveIsRefusedAndBothJarsAreNamed(String other) {
        Migrator migrator = migrator(classPath(jar("one.jar", "001_a.up.sql"), jar("two.jar", other)));
        ConfigurationException e =
                refused(ConfigurationException.class, ErrorCode.DUPLICATE_VERSION, migrator::applyAll);
        assertThat(e)
                .hasMessageContaining(temp.toUri().getPath() + "one.jar!/jars/db/001_a.up.sql")
                .hasMessageContaining(temp.toUri().getPath() + "two.jar!/jars/db/" + other);
    }

    @Test
    void aVersionThatAJarAndADirectoryHaveIsRefusedAndBothAreNamed() {
        new MigrationFolder(temp.resolve("classes/jars/db")).write("001_a.up.sql", "");
        Migrator migrator = migrator(classPath(jar("one.jar", "001_a.up.sql"), temp.resolve("classes")));
        assertThat(refused(ConfigurationException.class, ErrorCode.DUPLICATE_VERSION, migrator::applyAll))
                .hasMessageContaining("one.jar!/jars/db/001_a.up.sql")
                .hasMessageContaining(
                        temp.resolve("classes/jars/db/001_a.up.sql").toString());
    }

    @Test
    void theFolderNamedAsLocationMayHaveAnyName() {
        Path jar = new TestJar().add("jars/Größe +1/001_a.up.sql", "").write(temp.resolve("one.jar"));
        assertThat(files(migrator(classPath(jar), "classpath:jars/Größe +1")))
                .containsExactly("jars/Größe +1/001_a.up.sql");
    }

    @Test
    void oneJarThatTwoClassLoadersSeeIsReadOnce() {
        Path jar = jar("one.jar", "001_a.up.sql");
        assertThat(files(migrator(classPath(classPath(jar), jar)))).hasSize(1);
    }

    @Test
    void locationsThatOverlapInAJarAreReadOnce() {
        ClassLoader classLoader = classPath(jar("one.jar", "001_a.up.sql", "orders/002_b.up.sql"));
        assertThat(files(migrator(classLoader, LOCATION, LOCATION + "/orders"))).hasSize(2);
    }

    @Test
    void whatIsWrongInJarsIsToldAtOnceWithTheFile() {
        Migrator migrator =
                migrator(classPath(jar("one.jar", "001_a.up.sql", "oops.sql"), jar("two.jar", "1_a.up.sql")));
        assertThat(refused(ConfigurationException.class, ErrorCode.BAD_FILE_NAME, migrator::applyAll))
                .hasMessageContaining("jars/db/oops.sql")
                .hasMessageContaining("Version 001 stands twice");
    }

    @Test
    void aFolderThatOnlyAnotherJarHasIsNotTakenForThisOne() {
        Path jar = new TestJar()
                .add("jars/db2/001_a.up.sql", "")
                .add("other/jars/db/002_b.up.sql", "")
                .write(temp.resolve("one.jar"));
        assertThat(refused(
                        ConfigurationException.class, ErrorCode.LOCATION_MISSING, migrator(classPath(jar))::applyAll))
                .hasMessageContaining(LOCATION);
    }

    @Test
    void aJarWithoutEntriesForItsFoldersIsNotTakenForAnEmptyLocation() {
        Path jar = new TestJar()
                .add("jars/db/001_a.up.sql", "CREATE TABLE t ();")
                .withoutFolders()
                .write(temp.resolve("one.jar"));
        assertThat(refused(
                        ConfigurationException.class, ErrorCode.LOCATION_MISSING, migrator(classPath(jar))::applyAll))
                .hasMessageContaining(LOCATION);
    }
}
