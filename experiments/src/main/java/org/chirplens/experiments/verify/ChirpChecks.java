package org.chirplens.experiments.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.GaussianFilter;

/** Compares {@code chirp_clean/}: spectrogram arrays without noise, from {@code parameters.json}. */
final class ChirpChecks {
    /** Absolute; the same double arithmetic, but for the last bits of exp and pow in other libraries. */
    static final Tolerance ARRAY = Tolerance.absolute(1e-12);
    /** Relative; a sum of some hundred such values, in another order. */
    private static final Tolerance SUM = Tolerance.relative(1e-12);

    private static final int BINS = ChirpArray.BINS;
    private static final int SIZE = BINS * BINS;
    private static final String PARAMETERS = "parameters.json";
    private static final String NONZERO = "raw_nonzero.json";

    private final Section section;

    ChirpChecks(Section section) {
        this.section = section;
    }

    void run() {
        RecordedJson json = RecordedJson.read(section.inputFile(PARAMETERS));
        requireOurSettings(json);
        List<RecordedJson> cases = json.get("parameters").list();
        List<Chirp> chirps = cases.stream().map(ChirpChecks::chirp).toList();
        List<double[]> arrays = chirps.stream().map(ChirpArray::clean).toList();
        double[] raw = concatenated(arrays);
        section.compare("raw", raw, ARRAY);
        section.compare("smooth", smooth(raw), ARRAY);
        compareFacts(cases, arrays);
        section.attempt(NONZERO, Set.of(NONZERO), () -> {
            double[] recorded = nonzero(RecordedJson.read(section.file(NONZERO)).list());
            section.compareValues(NONZERO, recorded, raw, ARRAY);
        });
    }

    /** The other settings bound what is drawn at random, or have no effect on the array. */
    private static void requireOurSettings(RecordedJson json) {
        RecordedJson settings = json.find("settings");
        if (settings != null) {
            settings.requireIfGiven("num_time_bins", BINS);
            settings.requireIfGiven("num_freq_bins", BINS);
            settings.requireIfGiven("duration", ChirpArray.MAX_TIME_SECONDS);
            settings.requireIfGiven("max_frequency", ChirpArray.MAX_FREQUENCY_HZ);
        }
    }

    private static Chirp chirp(RecordedJson parameters) {
        RecordedJson type = parameters.get("type");
        ChirpShape shape = Arrays.stream(ChirpShape.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(type.text()))
                .findFirst()
                .orElseThrow(() -> type.error("must be linear or exponential"));
        return new Chirp(
                parameters.get("start_time").number(),
                parameters.get("duration").number(),
                parameters.get("start_freq").number(),
                parameters.get("end_freq").number(),
                shape);
    }

    private void compareFacts(List<RecordedJson> cases, List<double[]> arrays) {
        compareFact(cases, "raw_sum", SUM, arrays, array -> Arrays.stream(array).sum());
        compareFact(cases, "raw_max", ARRAY, arrays, array -> Arrays.stream(array)
                .max()
                .orElse(0));
        compareFact(cases, "first_column", Tolerance.exact(), arrays, array -> column(array, Math::min));
        compareFact(cases, "last_column", Tolerance.exact(), arrays, array -> column(array, Math::max));
    }

    /** One line for a field of all cases; cases without the field are left out. */
    private void compareFact(
            List<RecordedJson> cases,
            String field,
            Tolerance tolerance,
            List<double[]> arrays,
            ToDoubleFunction<double[]> fact) {
        List<Double> recorded = new ArrayList<>();
        List<Double> computed = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            RecordedJson value = cases.get(i).find(field);
            if (value != null) {
                recorded.add(value.number());
                computed.add(fact.applyAsDouble(arrays.get(i)));
            }
        }
        if (!recorded.isEmpty()) {
            section.compareValues(PARAMETERS + " " + field, array(recorded), array(computed), tolerance);
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The first or the last column that is not all zero; -1 when there is none. */
    private static double column(double[] array, IntBinaryOperator minOrMax) {
        return IntStream.range(0, SIZE)
                .filter(i -> array[i] != 0)
                .map(i -> i % BINS)
                .reduce(minOrMax)
                .orElse(-1);
    }

    private static double[] nonzero(List<RecordedJson> cases) {
        double[] dense = new double[cases.size() * SIZE];
        for (int i = 0; i < cases.size(); i++) {
            for (RecordedJson cell : cases.get(i).list()) {
                dense[i * SIZE + bin(cell, "f") * BINS + bin(cell, "t")] =
                        cell.get("v").number();
            }
        }
        return dense;
    }

    private static int bin(RecordedJson cell, String field) {
        RecordedJson bin = cell.get(field);
        if (bin.integer() < 0 || bin.integer() >= BINS) {
            throw bin.error("must be in [0, " + (BINS - 1) + "]");
        }
        return bin.integer();
    }

    /** Every array of {@code [N, BINS, BINS]} smoothed. */
    static double[] smooth(double[] values) {
        List<double[]> smoothed = new ArrayList<>();
        for (int at = 0; at < values.length; at += SIZE) {
            smoothed.add(GaussianFilter.smooth(Arrays.copyOfRange(values, at, at + SIZE), BINS));
        }
        return concatenated(smoothed);
    }

    static double[] concatenated(List<double[]> arrays) {
        return arrays.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
