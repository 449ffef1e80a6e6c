package io.confiture.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the layout of core: what each package may use, and what is public. */
class LayersTest {
    private static final String ROOT = "io.confiture";

    /** From the ground up; a package may use only those before it. */
    private static final List<String> ORDER = List.of(
            "error",
            "resource",
            "sql",
            "postgres",
            "catalog",
            "config",
            "hook",
            "anonymize",
            "build",
            "migrate",
            "sync",
            "transfer",
            "verification",
            "lint",
            "wizard",
            "");

    private static final List<String> MEDIUMS = List.of("build", "migrate", "sync", "transfer");

    /** Wherever the build puts its classes: ArchUnit's own option knows the usual folder only. */
    private static final ImportOption MAIN = location -> !location.contains("/test-classes/");

    private static final JavaClasses CORE =
            new ClassFileImporter().withImportOption(MAIN).importPackages(ROOT);

    private static final JavaClasses FIXTURE = new ClassFileImporter().importPackages(ROOT + ".architecture.fixture");

    /** A user calls these; all other types of the package are its own business. */
    private static final Set<String> PUBLIC_OF_MIGRATE = Set.of(
            "Adoption",
            "AdoptionReport",
            "AppliedMigration",
            "AsyncMigrator",
            "DryRunOptions",
            "DryRunReport",
            "InitialBuild",
            "InitialSchema",
            "JavaMigration",
            "LedgerOwners",
            "Migration",
            "MigrationAction",
            "MigrationContext",
            "MigrationInfo",
            "MigrationLock",
            "MigrationPlan",
            "MigrationResult",
            "MigrationState",
            "MigrationStatus",
            "Migrator",
            "MigratorBuilder",
            "Naming",
            "Policy",
            "SchemaOrigin",
            "SqlMigration",
            "Repair",
            "RepairReport",
            "ValidationReport");

    private static final Set<String> PUBLIC_OF_VERIFICATION =
            Set.of("DriftOptions", "DriftReport", "EquivalenceReport", "SchemaVerification");

    private static final Set<String> PUBLIC_OF_CONFIG =
            Set.of("BuildConfig", "Config", "IncludeDir", "MigrationConfig", "SeedConfig", "Separators", "SortMode");

    /** What a program reads of a catalog, and how it compares two. */
    private static final Set<String> PUBLIC_OF_CATALOG = Set.of(
            "Catalog",
            "CatalogAspect",
            "CatalogComparison",
            "CatalogDifference",
            "Column",
            "Constraint",
            "Fact",
            "FactId",
            "FactKind",
            "Index",
            "Routine",
            "Table",
            "View");

    private static final Set<String> PUBLIC_OF_BUILD = Set.of(
            "BuildOptions",
            "BuildResult",
            "DatabaseContent",
            "ExecuteOptions",
            "FreshDatabase",
            "HashAlgorithm",
            "PrivilegeSplit",
            "SchemaBuilder",
            "SchemaCheck",
            "SchemaFile",
            "SchemaFinding",
            "SchemaReport",
            "SeedException",
            "SeedFailure",
            "SeedFileResult",
            "SeedLoader",
            "SeedReport",
            "SeedValidation",
            "TemplateDatabases",
            "TransactionMode",
            "ValidationOptions");

    private static String packageName(String root, String name) {
        return name.isEmpty() ? root : root + "." + name;
    }

    private static ArchRule usesOnlyThoseAbove(String root, int index) {
        String[] below = ORDER.subList(index + 1, ORDER.size()).stream()
                .map(name -> packageName(root, name))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(packageName(root, ORDER.get(index)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below)
                .because(
                        "a package may use only those above its own line, so that each can be read without the later ones")
                .allowEmptyShould(true);
    }

    private static ArchRule noCycles(String root) {
        return slices().matching(root + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle are one package");
    }

    private static final ArchRule MEANINGFUL_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .resideInAnyPackage("..util..", "..utils..", "..impl..", "..common..")
            .because("such a name says nothing of what the class is for");

    private static final ArchRule NO_CONTAINER = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.boot..", "org.springframework.context..", "org.springframework.beans..")
            .because("core is a plain library; the starter knows the container");

    private static final ArchRule SILENT = noClasses()
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .because("standard output may be read by a program; what is to be said is logged, thrown or returned");

    private static final ArchRule NO_PROCESS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ProcessBuilder.class.getName())
            .orShould()
            .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("exec"))
                    .and(JavaCall.Predicates.target(
                            HasOwner.Predicates.With.owner(JavaClass.Predicates.assignableTo(Runtime.class)))))
            .because("whoever may list processes reads their arguments, passwords included");

    private static final ArchRule NULL_MARKED = classes()
            .should(new ArchCondition<>("reside in a @NullMarked package with a package-info") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    JavaPackage javaPackage = item.getPackage();
                    events.add(new SimpleConditionEvent(
                            item,
                            javaPackage.isAnnotatedWith(NullMarked.class),
                            item.getName() + " in " + javaPackage.getName()));
                }
            })
            .because("what is not marked @Nullable is never null, everywhere");

    private static ArchRule publicOnly(String packageName, Set<String> names) {
        return classes()
                .that()
                .resideInAPackage(packageName)
                .and(DescribedPredicate.describe("are top level", JavaClass::isTopLevelClass))
                .and(DescribedPredicate.describe(
                        "are not listed", (JavaClass type) -> !names.contains(type.getSimpleName())))
                .should()
                .notBePublic()
                .because("what is public is kept for ever");
    }

    @Test
    void aPackageUsesOnlyThoseAboveIt() {
        for (int i = 0; i < ORDER.size(); i++) {
            usesOnlyThoseAbove(ROOT, i).check(CORE);
        }
    }

    @Test
    void everyPackageIsInTheOrder() {
        Set<String> packages = CORE.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages).contains("error", "sql", "postgres", "hook", "migrate");
        assertThat(ORDER).containsAll(packages);
    }

    @Test
    void mediumsNeverUseEachOther() {
        for (String medium : MEDIUMS) {
            noClasses()
                    .that()
                    .resideInAPackage(packageName(ROOT, medium))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(MEDIUMS.stream()
                            .filter(other -> !other.equals(medium))
                            .map(other -> packageName(ROOT, other))
                            .toArray(String[]::new))
                    .because("who needs two mediums lives below them")
                    .allowEmptyShould(true)
                    .check(CORE);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        noCycles(ROOT).check(CORE);
    }

    @Test
    void namesSayWhatAClassIsFor() {
        MEANINGFUL_NAMES.check(CORE);
    }

    @Test
    void coreKnowsNoContainer() {
        NO_CONTAINER.check(CORE);
    }

    @Test
    void nothingIsWrittenPastTheLog() {
        SILENT.check(CORE);
    }

    @Test
    void noProcessIsStartedWhoseArgumentsOthersSee() {
        NO_PROCESS.check(CORE);
    }

    @Test
    void textKnowsNoDatabase() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".sql", ROOT + ".error")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.springframework..")
                .because("scripts are read without a connection")
                .check(CORE);
    }

    @Test
    void everyPackageIsNullMarked() {
        NULL_MARKED.check(CORE);
    }

    @Test
    void onlyTheIntendedTypesOfMigrateArePublic() {
        assertPublic("migrate", PUBLIC_OF_MIGRATE);
    }

    @Test
    void onlyTheIntendedTypesOfConfigArePublic() {
        assertPublic("config", PUBLIC_OF_CONFIG);
    }

    @Test
    void onlyTheIntendedTypesOfVerificationArePublic() {
        assertPublic("verification", PUBLIC_OF_VERIFICATION);
    }

    @Test
    void onlyTheIntendedTypesOfBuildArePublic() {
        assertPublic("build", PUBLIC_OF_BUILD);
    }

    private static void assertPublic(String name, Set<String> intended) {
        publicOnly(ROOT + "." + name, intended).check(CORE);
        Set<String> present = CORE.stream()
                .filter(type -> type.getPackageName().equals(ROOT + "." + name) && type.isTopLevelClass())
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(present).containsAll(intended);
    }

    @Test
    void onlyTheIntendedTypesOfCatalogArePublic() {
        assertPublic("catalog", PUBLIC_OF_CATALOG);
    }

    /** Whoever extends a class keeps it from changing; exceptions are extended by the starter. */
    @Test
    void whatIsPublicIsFinalOrSealed() {
        assertThat(CORE.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !type.isInterface() && !type.isEnum() && !type.isAssignableTo(Exception.class))
                        .map(JavaClass::reflect)
                        .filter(type -> !Modifier.isFinal(type.getModifiers()) && !type.isSealed()))
                .isEmpty();
    }

    @Test
    void theRulesFindWhatBreaksThem() {
        String root = ROOT + ".architecture.fixture";
        List<ArchRule> rules = List.of(
                usesOnlyThoseAbove(root, ORDER.indexOf("sql")),
                noCycles(root),
                MEANINGFUL_NAMES,
                NULL_MARKED,
                SILENT,
                NO_PROCESS,
                publicOnly(root + ".migrate", Set.of()),
                noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.util.."));
        for (ArchRule rule : rules) {
            assertThat(rule.evaluate(FIXTURE).hasViolation())
                    .as(rule.getDescription())
                    .isTrue();
        }
    }
}
