package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @ParameterizedTest
    @ValueSource(ints = {10, 600})
    void equalsScikitLearnIndexByIndex(int n) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode recorded = json.readTree(
                RecordedArrays.reference("split/split_" + n + ".json").toFile());

        Split split = Split.of(n, 0.2, 42);

        assertThat(split.train()).isEqualTo(json.convertValue(recorded.get("train"), int[].class));
        assertThat(split.test()).isEqualTo(json.convertValue(recorded.get("test"), int[].class));
    }

    @ParameterizedTest
    @CsvSource({"2, 0.2, 1", "7, 0.5, 4", "1000, 0.2, 200", "1001, 0.2, 201", "1000, 1, 1", "1000, 999, 999"})
    void holdsOutThatManyImagesAndLosesNone(int n, double test, int held) {
        Split split = Split.of(n, test, 7);

        assertThat(split.test()).hasSize(held);
        assertThat(IntStream.concat(IntStream.of(split.train()), IntStream.of(split.test()))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, n).toArray());
    }

    @Test
    void anotherSeedGivesAnotherSplit() {
        assertThat(Split.of(600, 0.2, 43).test())
                .isNotEqualTo(Split.of(600, 0.2, 42).test());
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0, above 0",
        "10, NaN, above 0",
        "10, 2.5, whole number",
        "10, 10, at least one",
        "1, 0.2, at least one"
    })
    void anImpossiblePartIsRefused(int n, double test, String rule) {
        assertThatThrownBy(() -> Split.of(n, test, 42))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @CsvSource({"12, 3, 0.25, 3", "12, 3, 4, 6", "600, 1, 0.2, 120", "11, 3, 0.5, 6"})
    void groupsStayTogether(int n, int groupSize, double test, int held) {
        Split split = Split.ofGroups(n, groupSize, test, 42);
        assertThat(IntStream.of(split.test()).map(i -> i / groupSize).distinct())
                .doesNotContainAnyElementsOf(IntStream.of(split.train())
                        .map(i -> i / groupSize)
                        .boxed()
                        .toList());
        assertThat(split.test().length).isBetween(held - 1, held);
        assertThat(split.test().length + split.train().length).isEqualTo(n);
        if (groupSize == 1) {
            assertThat(split.test()).isEqualTo(Split.of(n, test, 42).test());
        }
    }

    /** Recorded with NumPy: {@code train_test_split} of the training part of another, both with seed 42. */
    @Test
    void validationIsASecondSplitOfTheTrainingImages() {
        Split split = Split.of(20, 0.2, 42).withValidation(0.25, 1, 42);
        assertThat(split.train()).containsExactly(10, 12, 9, 19, 11, 6, 18, 2, 4, 7, 3, 13);
        assertThat(split.validation()).containsExactly(8, 5, 16, 14);
        assertThat(split.test()).containsExactly(0, 17, 15, 1);
        assertThat(split.choosing()).isEqualTo(split.validation());

        Split counted = Split.of(20, 3, 42).withValidation(2, 1, 42);
        assertThat(counted.train()).containsExactly(18, 14, 4, 10, 2, 7, 5, 9, 6, 3, 13, 19, 12, 11, 16);
        assertThat(counted.validation()).containsExactly(1, 8);
        assertThat(counted.test()).containsExactly(0, 17, 15);
    }

    @Test
    void withoutValidationTheTestImagesChooseAndNothingElseChanges() {
        Split released = Split.of(600, 0.2, 42);
        Split same = released.withValidation(0, 1, 42);
        assertThat(same.train()).isEqualTo(released.train());
        assertThat(same.test()).isEqualTo(released.test());
        assertThat(same.validation()).isEmpty();
        assertThat(same.choosing()).isEqualTo(released.test());
    }

    @ParameterizedTest
    @CsvSource({"12, 3, 0.25, 0.3, 3", "12, 3, 3, 4, 6", "11, 3, 0.25, 1, 3", "601, 4, 0.2, 0.1, 48"})
    void groupsStayTogetherInThreeParts(int n, int groupSize, double test, double validation, int held) {
        Split split = Split.ofGroups(n, groupSize, test, 42).withValidation(validation, groupSize, 42);
        assertThat(split.validation().length).isBetween(held - groupSize + 1, held);
        assertThat(Stream.of(split.train(), split.validation(), split.test())
                        .flatMapToInt(IntStream::of)
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, n).toArray());
        assertThat(Stream.of(split.train(), split.validation(), split.test())
                        .mapToLong(part -> IntStream.of(part)
                                .map(i -> i / groupSize)
                                .distinct()
                                .count())
                        .sum())
                .isEqualTo((n + groupSize - 1) / groupSize);
        assertThat(split.test())
                .isEqualTo(Split.ofGroups(n, groupSize, test, 42).test());
    }

    @ParameterizedTest
    @CsvSource({
        "8, 'a split of 8 images with validation part 8.0 must leave at least one to train on, found 0 left'",
        "2.5, 'validation part of a split must be below 1 or a whole number of images, found 2.5'",
        "-1, 'validation part of a split must be above 0, found -1.0'"
    })
    void anImpossibleValidationPartIsRefused(double validation, String message) {
        Split split = Split.of(10, 2, 42);
        assertThatThrownBy(() -> split.withValidation(validation, 1, 42)).hasMessage(message);
    }

    @Test
    void aNegativeSeedIsRefused() {
        assertThatThrownBy(() -> Split.of(10, 0.2, -1)).hasMessage("split seed must be at least 0, found -1");
    }
}
