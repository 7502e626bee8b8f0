package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.IntStream;
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

    @Test
    void aNegativeSeedIsRefused() {
        assertThatThrownBy(() -> Split.of(10, 0.2, -1)).hasMessage("split seed must be at least 0, found -1");
    }
}
