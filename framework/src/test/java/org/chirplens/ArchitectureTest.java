package org.chirplens;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The packages and who may use whom, in the order in which data flows. */
@AnalyzeClasses(packages = "org.chirplens", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Map<String, List<String>> MAY_USE = Map.of(
            "file", List.of(),
            "statistics", List.of(),
            "chirp", List.of(),
            "figure", List.of("chirp"),
            "dataset", List.of("file", "chirp", "figure"),
            "model", List.of(),
            "checkpoint", List.of("file", "model"),
            "training", List.of("file", "statistics", "chirp", "figure", "dataset", "model", "checkpoint"),
            "analysis", List.of("statistics", "chirp", "figure", "dataset", "model"),
            "report", List.of("file", "statistics", "chirp", "figure", "dataset", "model", "training", "analysis"));

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("org.chirplens.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void eachPackageUsesOnlyWhatComesBeforeIt(JavaClasses classes) {
        Set<String> packages = classes.stream()
                .map(type -> type.getPackageName().replaceFirst("org\\.chirplens\\.?([a-z]*).*", "$1"))
                .collect(Collectors.toSet());
        assertThat(packages).as("every package has its place").isEqualTo(MAY_USE.keySet());
        MAY_USE.forEach((name, allowed) -> {
            List<String> forbidden = new ArrayList<>(MAY_USE.keySet());
            forbidden.remove(name);
            forbidden.removeAll(allowed);
            noClasses()
                    .that()
                    .resideInAPackage("org.chirplens." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.stream()
                            .map(other -> "org.chirplens." + other + "..")
                            .toArray(String[]::new))
                    .check(classes);
        });
    }

    @ArchTest
    static final ArchRule statisticsNeedNeitherModelsNorImages = noClasses()
            .that()
            .resideInAPackage("org.chirplens.statistics..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.tensorflow.."));

    @ArchTest
    static final ArchRule theReportNeverSeesASession = noClasses()
            .that()
            .resideInAPackage("org.chirplens.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tensorflow..");

    @ArchTest
    static final ArchRule chirpsAreDrawnWithoutTensorFlow = noClasses()
            .that()
            .resideInAnyPackage("org.chirplens.chirp..", "org.chirplens.figure..", "org.chirplens.dataset..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.tensorflow..")
                    // Messages are plain Java; the native library is not loaded for them.
                    .and(not(resideInAPackage("org.tensorflow.proto.."))));

    @ArchTest
    static final ArchRule theLibraryDoesNotPrint = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
