package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** What {@code deploy} has put into the repository that this project takes Confiture from. */
class RepositoryIT {
    private static final Path REPOSITORY =
            Path.of(URI.create(System.getProperty("confiture.repository"))).resolve("io/confiture");

    /** A file of the newest deployment. */
    private static Path file(String artifact, String ending) throws IOException {
        try (Stream<Path> files =
                Files.list(REPOSITORY.resolve(artifact).resolve(System.getProperty("confiture.version")))) {
            Path pom = files.filter(file -> file.toString().endsWith(".pom"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElseThrow();
            Path file = pom.resolveSibling(pom.getFileName().toString().replaceAll("\\.pom$", ending));
            assertThat(file).exists();
            return file;
        }
    }

    @Test
    void nothingButTheProductIsPublished() throws IOException {
        try (Stream<Path> artifacts = Files.list(REPOSITORY)) {
            assertThat(artifacts.map(artifact -> artifact.getFileName().toString()))
                    .containsExactlyInAnyOrder("confiture-parent", "confiture-core", "confiture-spring-boot-starter");
        }
    }

    @ParameterizedTest
    @CsvSource({"confiture-core, io.confiture.core", "confiture-spring-boot-starter, io.confiture.boot"})
    void aJarHasSourcesJavadocAModuleNameAndTheLicence(String artifact, String module) throws IOException {
        try (JarFile jar = new JarFile(file(artifact, ".jar").toFile());
                JarFile sources = new JarFile(file(artifact, "-sources.jar").toFile());
                JarFile javadoc = new JarFile(file(artifact, "-javadoc.jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo(module);
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
            assertThat(sources.stream().map(JarEntry::getName)).anyMatch(name -> name.endsWith("/package-info.java"));
            assertThat(javadoc.getEntry("index.html")).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name", "description", "url", "licenses/license/url", "developers/developer/name", "scm/url"})
    void theParentSaysWhatMavenCentralAsksFor(String element) throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file("confiture-parent", ".pom").toFile());
        XPath xpath = XPathFactory.newInstance().newXPath();
        assertThat(xpath.evaluate("/project/" + element, pom)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"confiture-core", "confiture-spring-boot-starter"})
    void theApplicationHoldsWhatWasDeployedAndNoOlderCopy(String artifact) throws IOException {
        try (JarFile shop = new JarFile(System.getProperty("shop.jar"))) {
            JarEntry nested = shop.stream()
                    .filter(entry -> entry.getName().startsWith("BOOT-INF/lib/" + artifact + "-"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = shop.getInputStream(nested).readAllBytes();
            assertThat(bytes).isEqualTo(Files.readAllBytes(file(artifact, ".jar")));
        }
    }
}
