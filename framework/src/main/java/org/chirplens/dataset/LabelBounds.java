package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Population;
import org.chirplens.chirp.Population.Range;

/** Tells which labels a population cannot have drawn. */
record LabelBounds(Population population) {
    /** What adding and subtracting frequencies may round away, in Hz. */
    private static final double SLACK = 1e-9;

    /** What is wrong with a chirp: {@code name rule, found value}; empty when nothing is. */
    List<String> problems(Chirp chirp) {
        List<String> problems = new ArrayList<>();
        check("start time", "s", chirp.startTimeSeconds(), population.startTimeSeconds(), problems);
        check("duration", "s", chirp.durationSeconds(), population.durationSeconds(), problems);
        check("start frequency", "Hz", chirp.startFrequencyHz(), population.startFrequencyHz(), problems);
        check("end frequency", "Hz", chirp.endFrequencyHz(), endOf(chirp), problems);
        double share = population.exponentialShare();
        if (chirp.shape() == ChirpShape.EXPONENTIAL ? share == 0 : share == 1) {
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
