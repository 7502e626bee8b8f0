package org.chirplens.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ticks of an axis as matplotlib chooses and writes them: {@code AutoLocator} ({@code MaxNLocator} with at most 9 intervals and steps
 * 1, 2, 2.5, 5, 10) and {@code ScalarFormatter} without offset.
 *
 * @param positions tick values inside the range, rising
 * @param labels their texts, with U+2212 as minus sign
 */
record AxisTicks(List<Double> positions, List<String> labels) {
    private static final int MOST_INTERVALS = 9;
    private static final double[] STEPS = {0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20};
    private static final double EDGE_TOLERANCE = 1e-10;

    AxisTicks {
        positions = List.copyOf(positions);
        labels = List.copyOf(labels);
    }

    /**
     * Ticks for the range {@code [min, max]}, {@code min < max}.
     *
     * @param room how many intervals the axis has room for ({@code Axis.get_tick_space}), at least 1
     */
    static AxisTicks of(double min, double max, int room) {
        List<Double> all = candidates(min, max, Math.min(room, MOST_INTERVALS));
        int decimals = decimals(all);
        double slack = EDGE_TOLERANCE * (max - min);
        List<Double> positions = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (double tick : all) {
            if (tick >= min - slack && tick <= max + slack) {
                positions.add(tick);
                labels.add(text(tick, decimals));
            }
        }
        return new AxisTicks(positions, labels);
    }

    /** {@code MaxNLocator._raw_ticks}: the ticks inside and one beyond each end, on the coarsest step that is fine enough. */
    private static List<Double> candidates(double min, double max, int intervals) {
        double scale = Math.pow(10, Math.floor(Math.log10((max - min) / intervals)));
        int index = 0;
        while (index < STEPS.length - 1 && STEPS[index] * scale < (max - min) / intervals) {
            index++;
        }
        List<Double> ticks = List.of();
        for (; index >= 0 && inside(ticks, min, max) < 2; index--) {
            ticks = multiples(STEPS[index] * scale, min, max);
        }
        return ticks;
    }

    private static List<Double> multiples(double step, double min, double max) {
        double base = Math.floor(min / step) * step;
        long low = floor((min - base) / step);
        long high = -floor(-(max - base) / step);
        List<Double> ticks = new ArrayList<>();
        for (long i = low; i <= high; i++) {
            ticks.add(i * step + base);
        }
        return ticks;
    }

    /** The largest integer not above the value; a value that is an integer but for rounding counts as that integer. */
    private static long floor(double value) {
        double nearest = Math.rint(value);
        return (long) (Math.abs(value - nearest) < EDGE_TOLERANCE ? nearest : Math.floor(value));
    }

    private static long inside(List<Double> ticks, double min, double max) {
        return ticks.stream().filter(tick -> tick >= min && tick <= max).count();
    }

    /** {@code ScalarFormatter._set_format}: the fewest decimals that show every tick to a thousandth of their span's decade. */
    private static int decimals(List<Double> ticks) {
        double span = ticks.get(ticks.size() - 1) - ticks.get(0);
        int decade = (int) Math.floor(Math.log10(span));
        double threshold = 1e-3 * Math.pow(10, decade);
        int decimals = Math.max(0, 3 - decade);
        while (decimals >= 0 && largestRounding(ticks, decimals) < threshold) {
            decimals--;
        }
        return decimals + 1;
    }

    private static double largestRounding(List<Double> ticks, int decimals) {
        double unit = Math.pow(10, decimals);
        double largest = 0;
        for (double tick : ticks) {
            largest = Math.max(largest, Math.abs(tick - Math.rint(tick * unit) / unit));
        }
        return largest;
    }

    private static String text(double tick, int decimals) {
        double shown = Math.abs(tick) < 1e-8 ? 0 : tick;
        return String.format(Locale.ROOT, "%." + decimals + "f", shown).replace('-', '\u2212');
    }
}
