package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Population;
import org.chirplens.chirp.Population.Range;

/**
 * Tells which labels a population cannot have drawn.
 *
 * @param bothShapes whether counterfactuals have the other shape, whatever the population's share is
 */
record LabelBounds(Population population, boolean bothShapes) {
    /** What adding and subtracting frequencies may round away, in Hz. */
    private static final double SLACK = 1e-9;

    /** Those of a described data set, or of the released population. Counterfactuals keep to all ranges. */
    static LabelBounds of(Optional<DatasetDescription> description) {
        return new LabelBounds(
                description.map(DatasetDescription::population).orElseGet(Population::released),
                description.map(said -> said.pairs().contains(Factor.SHAPE)).orElse(false));
    }

    /** What is wrong with a chirp: {@code name rule, found value}; empty when nothing is. */
    List<String> problems(Chirp chirp) {
        List<String> problems = new ArrayList<>();
        check("start time", "s", chirp.startTimeSeconds(), population.startTimeSeconds(), problems);
        check("duration", "s", chirp.durationSeconds(), population.durationSeconds(), problems);
        check("start frequency", "Hz", chirp.startFrequencyHz(), population.startFrequencyHz(), problems);
        check("end frequency", "Hz", chirp.endFrequencyHz(), endOf(chirp), problems);
        double share = population.exponentialShare();
        if (!bothShapes && (chirp.shape() == ChirpShape.EXPONENTIAL ? share == 0 : share == 1)) {
            problems.add("the type must be " + (share == 0 ? "linear" : "exponential") + ", found the other one");
        }
        return problems;
    }

    /** Where a chirp can end that starts at its frequency: the change, clipped to the axis. */
    private Range endOf(Chirp chirp) {
        Range change = population.frequencyChangeHz();
        return new Range(
                clipped(chirp.startFrequencyHz() + change.low()), clipped(chirp.startFrequencyHz() + change.high()));
    }

    private static double clipped(double frequencyHz) {
        return Math.max(0, Math.min(frequencyHz, ChirpArray.MAX_FREQUENCY_HZ));
    }

    private static void check(String name, String unit, double value, Range range, List<String> problems) {
        if (value < range.low() - SLACK || value > range.high() + SLACK) {
            problems.add(name + " must be in [" + range.low() + ", " + range.high() + "] " + unit + ", found " + value);
        }
    }
}
