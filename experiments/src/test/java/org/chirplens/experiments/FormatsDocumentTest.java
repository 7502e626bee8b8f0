package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.chirplens.analysis.Attribution;
import org.chirplens.analysis.Protocol;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/formats.md} tells of every file of a run, every column of its tables, and the keys of its JSON. */
class FormatsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "formats.md");

    /** A run that writes all that a run can write: other protocols write the same files as these. */
    private static final String CONFIG = """
            data: {count: 40, test: 8}
            model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 2, numHeads: 2, mlpSize: 16, lora: {rank: 2}}
            training: {train: all, epochs: 1, batchSize: 8}
            analysis:
              attentionImages: 1
              ablationImages: 8
              selectionImages: 4
              selectedHeads: 1
              protocols: [head_mask, resample, released]
              attributions: [%s]
              attributionImages: 4
              pairHeads: 2
              patchingPairs: 2
              atlas: {images: 4}
            runtime: {threads: 1}
            """;

    /** Described elsewhere, or another program's. */
    private static final Set<String> ELSEWHERE =
            Set.of("metrics.json", "settings.json", "progress.json", "config.json", "adapter_config.json", ".lock");

    /** Directories with files of TensorFlow's own. */
    private static final Set<String> OTHERS = Set.of("savedmodel", "tensorboard");

    /** Longer names before those that they begin with. */
    private static final List<String> PROTOCOLS = Stream.concat(
                    Protocol.keys().stream(), Stream.of("released_raw_labels"))
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();

    @Test
    void everyFileAndColumnOfARunIsInTheDocument(@TempDir Path directory) throws IOException {
        Path config = directory.resolve("all.yaml");
        Files.writeString(config, CONFIG.formatted(String.join(", ", analyses())));
        Path run = directory.resolve("run");
        Outcome outcome = Outcome.of("run", config.toString(), "--out", run.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(missing(run)).isEmpty();
    }

    private static List<String> analyses() {
        return Stream.of(Attribution.values()).map(Attribution::key).toList();
    }

    private static Collection<String> missing(Path run) throws IOException {
        Set<String> words = new TreeSet<>(List.of(Files.readString(DOCUMENT).split("[^A-Za-z0-9_.-]+", -1)));
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<String> told = new ArrayList<>(contents(file));
                told.add(general(run, file));
                told.stream()
                        .filter(word -> !words.contains(word) && !ELSEWHERE.contains(word))
                        .forEach(word -> missing.add(run.relativize(file) + ": " + word));
            }
        }
        return missing;
    }

    /** The columns of a table or the keys of an object, with what differs from run to run in capitals. */
    private static List<String> contents(Path file) throws IOException {
        String name = file.getFileName().toString();
        List<String> contents = new ArrayList<>();
        if (name.endsWith(".csv")) {
            Stream.of(Files.readAllLines(file).get(0).split(",", -1))
                    .filter(column -> !PROTOCOLS.contains(column))
                    .map(FormatsDocumentTest::withTarget)
                    .map(column ->
                            column.replaceFirst("(loss_increase|TARGET)_(total|direct_frozen|direct)$", "$1_PATH"))
                    .forEach(contents::add);
        } else if (name.endsWith(".json") && !ELSEWHERE.contains(name)) {
            Json.read(file).fieldNames().forEachRemaining(contents::add);
        }
        return contents;
    }

    private static String withTarget(String name) {
        String general = name;
        for (Target target : Target.RELEASED) {
            general = general.replace(target.key(), "TARGET");
        }
        return general;
    }

    /** The name of a file, or of the directory that another program defines, with what differs in capitals. */
    private static String general(Path run, Path file) {
        String directory = run.relativize(file).getName(0).toString();
        if (OTHERS.contains(directory)) {
            return directory;
        }
        String name = file.getFileName().toString();
        if (directory.equals("figures") || name.matches("spectrogram_.*")) {
            name = withTarget(name.replaceFirst("\\.(png|svg|npy)$", ""))
                    .replaceFirst("spectrogram_[0-9]+", "NAME")
                    .replaceFirst("attribution_(?!patching).*", "attribution_ANALYSIS");
        }
        for (String protocol : PROTOCOLS) {
            name = name.replaceFirst("(^|increase_|histograms_)" + protocol + "(?=[._]|$)", "$1PROTOCOL");
        }
        return name;
    }
}
