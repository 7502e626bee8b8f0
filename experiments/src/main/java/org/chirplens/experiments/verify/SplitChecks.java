package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chirplens.dataset.Split;
import org.jspecify.annotations.Nullable;

/** Compares {@code split/}: the division of n images into those to train on and those to test with. */
final class SplitChecks {
    /** What a file stands for that does not say it: the released training script's. */
    private static final double TEST_SIZE = 0.2;

    private static final int RANDOM_STATE = 42;

    private final Section section;

    SplitChecks(Section section) {
        this.section = section;
    }

    void run() {
        for (String file : files()) {
            section.attempt(file, Set.of(file), () -> compare(file));
        }
    }

    private void compare(String file) {
        RecordedJson json = RecordedJson.read(section.file(file));
        RecordedJson testSize = json.find("test_size");
        RecordedJson randomState = json.find("random_state");
        Split ours = Split.of(
                json.get("n").integer(),
                testSize == null ? TEST_SIZE : testSize.number(),
                randomState == null ? RANDOM_STATE : randomState.integer());
        compare(file + " train", json.find("train"), ours.train());
        compare(file + " test", json.find("test"), ours.test());
    }

    private void compare(String what, @Nullable RecordedJson recorded, int[] ours) {
        if (recorded != null) {
            double[] numbers = Arrays.stream(ours).asDoubleStream().toArray();
            section.compareValues(what, recorded.numbers(), numbers, Tolerance.exact());
        }
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(section.file(""))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("split_.*\\.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(section.file("") + ": cannot be listed", e);
        }
    }
}
