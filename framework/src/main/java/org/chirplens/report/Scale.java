package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis without its place: from values to a fraction of the axis, and the values worth a tick.
 *
 * @param min value at the start
 * @param max value at the end, above {@code min}
 * @param kind how values are spread, and which of them get a tick
 */
record Scale(double min, double max, Kind kind) {
    /** Digits of a number that stands with a power of ten. */
    private static final int MOST_DIGITS = 4;

    /** How an axis counts. */
    enum Kind {
        LINEAR,
        /** Linear, with ticks at whole numbers only. */
        WHOLE,
        /** Equal ratios, in place of equal differences, take equal lengths. */
        LOGARITHMIC,
        /** Logarithmic, with ticks at powers of two only. */
        DOUBLING;

        boolean isLogarithmic() {
            return this == LOGARITHMIC || this == DOUBLING;
        }
    }

    /** A labelled value. */
    record Tick(double value, String label) {}

    Scale {
        if (!(max > min) || (kind.isLogarithmic() && !(min > 0)) || !Double.isFinite(max - min)) {
            throw new IllegalArgumentException("a scale needs finite min < max, found " + min + " and " + max);
        }
    }

    static Scale linear(double min, double max) {
        return new Scale(min, max, Kind.LINEAR);
    }

    /** A scale for counted things, such as epochs. */
    static Scale whole(double min, double max) {
        return new Scale(min, max, Kind.WHOLE);
    }

    /** A linear scale over the values, widened to whole steps of about {@code parts} parts. */
    static Scale covering(double min, double max, int parts) {
        double low = Double.isFinite(min) ? min : 0;
        double high = Double.isFinite(max) ? max : 1;
        double slack = Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
        if (high - low <= slack) {
            double room = low == 0 ? 1 : Math.abs(low) * 0.1;
            low -= room;
            high += room;
        }
        double step = step(high - low, parts);
        return linear(Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step);
    }

    /** A logarithmic scale over positive values, widened to the next 1, 2 or 5 times a power of ten. */
    static Scale logCovering(double min, double max) {
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        for (double round : roundValues(min / 10, max * 10)) {
            if (round <= min * (1 - 1e-9)) {
                low = round;
            }
            if (round >= max * (1 + 1e-9) && round < high) {
                high = round;
            }
        }
        return new Scale(low, high, Kind.LOGARITHMIC);
    }

    /** A logarithmic scale for powers of two, half a doubling wider than the values on both sides. */
    static Scale doubling(double min, double max) {
        return new Scale(min / Math.sqrt(2), max * Math.sqrt(2), Kind.DOUBLING);
    }

    /** The place of a value: 0 at the start, 1 at the end. */
    double fraction(double value) {
        return kind.isLogarithmic() ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    }

    /** At most about {@code most} values to label: 1, 2 or 5 times powers of ten apart. */
    List<Tick> ticks(int most) {
        return switch (kind) {
            case LOGARITHMIC -> logTicks(most);
            case DOUBLING -> doublingTicks(most);
            case LINEAR, WHOLE -> linearTicks(most);
        };
    }

    private List<Tick> doublingTicks(int most) {
        int first = (int) Math.ceil(Math.log(min) / Math.log(2) - 1e-9);
        int last = (int) Math.floor(Math.log(max) / Math.log(2) + 1e-9);
        int every = Math.max(1, (last - first + most) / most);
        List<Tick> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += every) {
            double value = Math.pow(2, power);
            ticks.add(new Tick(value, value < 1 ? NumberText.significant(value, 3) : NumberText.fixed(value, 0)));
        }
        return ticks;
    }

    private List<Tick> linearTicks(int most) {
        double step = Math.max(step(max - min, most), kind == Kind.WHOLE ? 1 : 0);
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        double largest = Math.max(Math.abs(min), Math.abs(max));
        int digits = (int) (Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9)) + 1;
        // In a narrow range far from 0, numbers of a few digits would all be the same.
        boolean large = (largest >= 1e6 || decimals > 6) && digits <= MOST_DIGITS;
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-6); i * step <= max + step * 1e-6; i++) {
            double value = i * step;
            ticks.add(new Tick(
                    value,
                    large && value != 0
                            ? NumberText.scientific(value, Math.max(3, digits))
                            : NumberText.fixed(value, decimals)));
        }
        return ticks;
    }

    private List<Tick> logTicks(int most) {
        List<Double> round = roundValues(min, max);
        if (round.size() > most) {
            List<Double> decades = round.stream()
                    .filter(value -> Math.abs(Math.log10(value) - Math.rint(Math.log10(value))) < 1e-9)
                    .toList();
            int every = (decades.size() + most - 1) / most;
            round = every < 2
                    ? decades
                    : decades.stream()
                            .filter(value -> Math.floorMod(Math.round(Math.log10(value)), every) == 0)
                            .toList();
        }
        return round.stream().map(value -> new Tick(value, logLabel(value))).toList();
    }

    /** A value with one leading digit, of either sign, in as many digits as it takes. */
    static String logLabel(double value) {
        double magnitude = Math.abs(value);
        if (magnitude < 0.99e-3 || magnitude > 1.01e4) {
            return NumberText.scientific(value, 1);
        }
        return NumberText.fixed(value, Math.max(0, (int) -Math.floor(Math.log10(magnitude) + 1e-9)));
    }

    /** All 1, 2 and 5 times powers of ten within a range. */
    private static List<Double> roundValues(double from, double to) {
        List<Double> values = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(from)) - 1; power <= Math.log10(to) + 1; power++) {
            for (int digit : new int[] {1, 2, 5}) {
                double value = power < 0 ? digit / Math.pow(10, -power) : digit * Math.pow(10, power);
                if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    /** The smallest of 1, 2 and 5 times powers of ten that makes at most {@code most} steps of a length. */
    static double step(double length, int most) {
        double raw = length / most * (1 - 1e-9);
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        for (int digit : new int[] {1, 2, 5}) {
            if (digit * power >= raw) {
                return digit * power;
            }
        }
        return 10 * power;
    }
}
