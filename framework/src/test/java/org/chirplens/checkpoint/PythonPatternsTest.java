package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonPatternsTest {
    private static final String NAME = "encoder.layer.11.attention.attention.query";

    /** Expected: whole name, from its start on (f), neither. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "encoder.layer.11.attention.attention.query#whole",
                ".*query#whole",
                ".*\\.(query|value)#whole",
                ".*(?P<which>query|value)$#whole",
                "encoder\\.layer\\.\\d{1,2}\\..*#whole",
                "encoder\\.layer\\.[0-9]\\..*#neither",
                "encoder\\.layer\\.(1|11)\\.[a-z.]+#whole",
                "encoder#start",
                "layer#neither",
                "^(?!.*\\.1\\.).*query\\Z#whole",
                "^(?!.*\\.11\\.).*query$#neither",
                "(?=.*query).*#whole",
                ".*(?<=attention\\.)query#whole",
                ".*(?<!attention\\.)query#neither",
                "[^.]+\\.[^.]+\\.[\\d]+(\\.[\\w]+){3}#whole",
                "[]e][-n-]c*?oder.*?\\bquery#whole",
                "encoder.layer.1{2}.*#whole",
                "(x|)encoder.*#whole",
                "e{,3}ncoder#start",
                "query|encoder#start"
            })
    void matchesWhatPythonMatches(String regex, String expected) {
        PythonPatterns patterns = new PythonPatterns();

        assertThat(patterns.fullMatch(regex, NAME)).isEqualTo(expected.equals("whole"));
        assertThat(patterns.match(regex, NAME)).isEqualTo(!expected.equals("neither"));
    }

    @Test
    void randomExpressionsMatchWhatPythonRecorded() throws IOException {
        for (String line : Files.readAllLines(Path.of("src/test/resources/python/patterns.tsv"))) {
            String[] columns = line.split("\t", -1);
            PythonPatterns patterns = new PythonPatterns();

            assertThat(patterns.fullMatch(columns[0], columns[1])).as(line).isEqualTo(columns[2].equals("1"));
            assertThat(patterns.match(columns[0], columns[1])).as(line).isEqualTo(columns[3].equals("1"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(([a-z0-9.]+)+)+[A-Z]",
                "(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*X",
                ".*(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)^"
            })
    void aPatternThatBacktracksForeverElsewhereIsMatchedSoon(String regex) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(new PythonPatterns().fullMatch(regex, NAME)).isFalse());
    }

    @Test
    void nestedCountsAreStoppedSoon() {
        String regex = "((((((a?){1000}){1000}){1000}){1000}){1000}){1000}";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> assertThatThrownBy(() -> new PythonPatterns().match(regex, NAME))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("a regular expression must not take that long to match, found " + regex));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "(query#(missing ) at character 7)",
                "query)#(unbalanced ) at character 6)",
                "*query#(nothing to repeat at character 1)",
                "a**#repeat at character 3)",
                "[ab#(missing ] at character 4)",
                "(a)\\1#(\\1 is not supported at character 6)",
                "(?i)query#(flags and back-references are not supported at character 1)",
                "a{1001}#(more than 1000 repetitions at character 2)",
                "a\\#(nothing behind \\ at character 3)",
                "[z-a]#(bad range at character 3)"
            })
    void whatCannotBeMatchedIsRefused(String regex, String problem) {
        assertThatThrownBy(() -> new PythonPatterns().match(regex, NAME))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a regular expression must be one that can be matched, found " + regex)
                .hasMessageEndingWith(problem);
    }
}
