package org.chirplens.dataset;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.chirplens.chirp.Chirp;

/**
 * How a column of labels is distributed.
 *
 * @param column its name, such as {@code start_time}
 * @param unit {@code s} or {@code Hz}
 * @param min the smallest value
 * @param mean their mean
 * @param max the largest value
 * @param std their population standard deviation
 */
public record LabelStatistics(String column, String unit, double min, double mean, double max, double std) {
    /** Every column of some chirps, and the change from start to end frequency; none for no chirps. */
    static List<LabelStatistics> of(List<Chirp> chirps) {
        if (chirps.isEmpty()) {
            return List.of();
        }
        return List.of(
                of("start_time", "s", chirps, Chirp::startTimeSeconds),
                of("duration", "s", chirps, Chirp::durationSeconds),
                of("start_frequency", "Hz", chirps, Chirp::startFrequencyHz),
                of("end_frequency", "Hz", chirps, Chirp::endFrequencyHz),
                of("frequency_change", "Hz", chirps, chirp -> chirp.endFrequencyHz() - chirp.startFrequencyHz()));
    }

    private static LabelStatistics of(String column, String unit, List<Chirp> chirps, ToDoubleFunction<Chirp> value) {
        double[] values = chirps.stream().mapToDouble(value).toArray();
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (double v : values) {
            min = Math.min(min, v);
            max = Math.max(max, v);
            sum += v;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
        }
        return new LabelStatistics(column, unit, min, mean, max, Math.sqrt(squares / values.length));
    }
}
