package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;

class GeneratedChirpsTest {
    private static final GeneratedChirps ALL = new GeneratedChirps(Population.released(), 5, 0, 60);

    @Test
    void theShortestOfThreeIsThatOfThreeConsecutiveChirpsOfThePopulation() {
        GeneratedChirps shortest = new GeneratedChirps(Population.released(), 5, 0, 20).shortestOf(3);
        for (int i = 0; i < shortest.size(); i++) {
            DrawnChirp expected = IntStream.range(3 * i, 3 * i + 3)
                    .mapToObj(ALL::drawn)
                    .min(Comparator.comparingDouble(
                            (DrawnChirp drawn) -> drawn.chirp().durationSeconds()))
                    .orElseThrow();
            assertThat(shortest.drawn(i)).isEqualTo(expected);
            assertThat(shortest.chirp(i)).isEqualTo(expected.chirp());
        }
    }

    @Test
    void theShortestOfOneIsThePopulation() {
        GeneratedChirps one = ALL.shortestOf(1);
        assertThat(IntStream.range(0, 60).mapToObj(one::drawn).toList())
                .isEqualTo(IntStream.range(0, 60).mapToObj(ALL::drawn).toList());
        assertThatThrownBy(() -> ALL.shortestOf(0)).hasMessage("candidates must be at least 1, found 0");
    }

    @Test
    void aStretchOfTheStreamHasTheChirpsThatTheWholeHasThere() {
        GeneratedChirps whole = new GeneratedChirps(Population.released(), 5, 0, 20).shortestOf(2);
        GeneratedChirps part = new GeneratedChirps(Population.released(), 5, 12, 4).shortestOf(2);
        assertThat(List.of(part.drawn(0), part.drawn(3))).containsExactly(whole.drawn(12), whole.drawn(15));
    }
}
