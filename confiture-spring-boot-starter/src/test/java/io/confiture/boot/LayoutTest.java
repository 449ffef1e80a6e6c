package io.confiture.boot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the layout of the starter. */
class LayoutTest {
    /** Wherever the build puts its classes: ArchUnit's own option knows the usual folder only. */
    private static final ImportOption MAIN = location -> !location.contains("/test-classes/");

    private static final JavaClasses STARTER =
            new ClassFileImporter().withImportOption(MAIN).importPackages("io.confiture.boot");

    @Test
    void everyPackageIsNullMarked() {
        assertThat(STARTER)
                .isNotEmpty()
                .allSatisfy(type -> assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
                        .as(type.getName())
                        .isTrue());
    }

    /** Whoever extends a class keeps it from changing. These are meant to be extended. */
    @Test
    void whatIsPublicIsFinalOrSealed() {
        Set<String> open = STARTER.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.isInterface() && !type.isEnum())
                .map(JavaClass::reflect)
                .filter(type -> !Modifier.isFinal(type.getModifiers()) && !type.isSealed())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(open)
                .containsExactlyInAnyOrder(
                        "ConfitureMigrationInitializer",
                        "DefaultMigrationObservationConvention",
                        "DefaultRunObservationConvention");
    }

    /** Standard output may be read by a program, and the arguments of a process by others. */
    @Test
    void nothingIsWrittenPastTheLogAndNoProcessStarted() {
        noClasses()
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ProcessBuilder.class.getName())
                .check(STARTER);
    }

    @Test
    void eventsAndObservationsDoNotKnowHowTheyAreConfigured() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.confiture.boot.event", "io.confiture.boot.observation", "io.confiture.boot.actuate")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.confiture.boot.autoconfigure")
                .because("the auto-configuration puts the parts together, and they do not need it")
                .check(STARTER);
    }
}
