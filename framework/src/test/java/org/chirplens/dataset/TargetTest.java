package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Test
    void theReleasedTargetsAreThoseOfTheReleasedModelInItsOrder() {
        assertThat(Target.RELEASED)
                .extracting(Target::key)
                .containsExactly("start_time", "start_frequency", "end_frequency");
        assertThat(Target.allOf(new Chirp(1, 5, 2, 3, ChirpShape.LINEAR))).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Age", "2nd", "_x", "a b", "a-b", "ä", "image", "increase_percent"})
    void aNameThatFilesCannotHoldIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target(key, "title", ""))
                .withMessageEndingWith("found '" + key + "'");
    }

    @ParameterizedTest
    @CsvSource({"Age,age", "'score, raw',score_raw", "' Chirp_Start_Time ',chirp_start_time", "α2,2"})
    void aColumnMakesAName(String column, String key) {
        assertThat(Target.keyOf(column)).isEqualTo(key);
    }

    @Test
    void targetsAgreeWhenNamesAndUnitsDoInTheirOrder() {
        Target age = new Target("age", "age", "years");
        Target other = new Target("score", "score", "");
        assertThat(Target.agree(List.of(age, other), List.of(new Target("age", "Alter", "years"), other)))
                .isTrue();
        assertThat(Target.agree(List.of(age), List.of(new Target("age", "age", "months"))))
                .isFalse();
        assertThat(Target.agree(List.of(age, other), List.of(other, age))).isFalse();
        assertThat(Target.list(List.of(age, other))).isEqualTo("age (years), score");
    }

    @Test
    void twoTargetsOfOneNameAreRefused() {
        Target age = new Target("age", "age", "years");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.requireDistinct(List.of(age, age)))
                .withMessageEndingWith("found two age");
    }
}
